import { expect, it } from "vitest";
import type { Incident } from "@/lib/wire/share";
import { sampleSnapshot } from "../testing";
import { markdownOf } from "./markdown";

it("an incident for a ticket says by which thresholds a problem was judged", () => {
  const snapshot = sampleSnapshot();
  const [first] = snapshot.findings;
  if (!first) throw new Error("the sample has no finding");
  const finding = { ...first, check: "nic-flapping", thresholds: { losses: 2, window: 600, unheardOf: 1 } };
  const incident = { takenAt: 1, madeBy: "ann", note: "", snapshot: { ...snapshot, findings: [finding] } };
  const text = markdownOf(incident as unknown as Incident, "https://taproot.example.net/share/x");
  expect(text).toContain(
    "Judged by: Losses within the window 2 times (default 4); Seconds over which it is judged 600 s\n",
  );
  expect(text).not.toContain("unheardOf");
});
