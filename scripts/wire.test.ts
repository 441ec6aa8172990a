import { expect, it } from "vitest";
import { wire } from "@/lib/wire/version";
import { hashOfWire } from "./wire";

it("the number of the wire stands for its schemas: `npm run wire` raises it when they change", async () => {
  expect(wire.hash).toBe(await hashOfWire());
});
