import fc from "fast-check";
import { expect, it } from "vitest";
import { idOf, suggestedId } from "./host-id";
import { HostSpec } from "./rest";

it("suggests the first label of a name, and an IP address whole", () => {
  expect(suggestedId("kvm1.example.net")).toBe("kvm1");
  expect(suggestedId("192.0.2.7")).toBe("192.0.2.7");
  expect(suggestedId("2001:db8::7")).toBe("2001-db8-7");
  expect(suggestedId(" -x/y ")).toBe("x-y");
  expect(suggestedId("")).toBe("");
});

it("makes ids that the wire takes, whatever the text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const id of [idOf(text), suggestedId(text)])
        expect(id === "" || HostSpec.shape.id.safeParse(id).success).toBe(true);
    }),
  );
});
