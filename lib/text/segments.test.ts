import { describe, expect, it } from "vitest";
import type { FleetSegment, SegmentEvidence } from "../fleet/segment";
import { evidenceText, segmentName } from "./segments";

const segment = (more: Partial<FleetSegment>): FleetSegment => ({
  id: "a",
  hosts: 2,
  guests: 3,
  members: [{ host: "a", name: "a", at: "a/bridge/br0", port: "br0", guests: 3, some: [] }],
  rest: [],
  evidence: [],
  ...more,
});
const router: SegmentEvidence = { kind: "router", address: "10.0.0.1", subnet: "10.0.0.0/24", hosts: 2 };
const heard: SegmentEvidence = { kind: "heard", by: "kvm-2", mac: "52:54:00:00:00:01", who: "web-01", of: "kvm-1" };

describe("a shared segment", () => {
  it("is called by its tag, else by what joins it, else by what a host calls it", () => {
    expect(segmentName(segment({ vlan: 20, evidence: [router] })).en).toBe("VLAN 20");
    expect(segmentName(segment({ evidence: [heard, router] })).en).toBe("10.0.0.0/24");
    const atSwitch: SegmentEvidence = { kind: "switch", system: "tor", vlan: 1, hosts: 2 };
    expect(segmentName(segment({ evidence: [atSwitch] }))).toEqual({ en: "VLAN 1, untagged", zh: "VLAN 1，无标签" });
    expect(segmentName(segment({ evidence: [heard] })).en).toBe("br0");
  });

  it("says what tells so, without a hole", () => {
    expect(evidenceText(heard, "en")).toBe("kvm-2 hears 52:54:00:00:00:01, web-01 on kvm-1");
    expect(evidenceText({ ...heard, who: "" }, "en")).toBe("kvm-2 hears 52:54:00:00:00:01 of kvm-1");
    for (const one of [router, heard, { ...heard, who: "" }])
      for (const language of ["en", "zh"] as const) expect(evidenceText(one, language)).not.toMatch(/[{}]/);
  });
});
