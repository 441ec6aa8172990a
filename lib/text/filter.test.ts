import { describe, expect, it } from "vitest";
import type { ViewEdge, ViewNode } from "../wire/model";
import { edgeMatches, nodeMatches, parseFilter } from "./filter";

const node = (over: Partial<ViewNode>): ViewNode => ({
  id: "h/nic/eth0",
  host: "h",
  kind: "nic",
  name: "eth0",
  attributes: { mac: "52:54:00:aa:bb:cc", addresses: ["192.0.2.7/24"], mtu: 1500 },
  status: "fail",
  ...over,
});
const matches = (text: string, over: Partial<ViewNode> = {}) => nodeMatches(parseFilter(text), node(over));

describe("filter", () => {
  it("is answered by all when empty", () => expect(matches("  ")).toBe(true));
  it("asks for status, kind, VLAN, MAC and address", () => {
    expect(matches("status:fail kind:nic")).toBe(true);
    expect(matches("vlan:120", { kind: "vlan", attributes: { vlan: 120 } })).toBe(true);
    expect(matches("vlan:120", { kind: "ovs-port", attributes: { trunks: [7, 120] } })).toBe(true);
    // Whether a bridge filters is no VLAN.
    expect(matches("vlan:1", { kind: "bridge", attributes: { vlanFiltering: 1 } })).toBe(false);
    expect(matches("status:故障")).toBe(true);
    expect(matches("vlan:12")).toBe(false);
    expect(matches("vlan:1500")).toBe(false);
    expect(matches("mac:aa:bb")).toBe(true);
    expect(matches("ip:192.0.2")).toBe(true);
  });
  it("takes an unknown key as text", () => {
    expect(matches("52:54:00:aa")).toBe(true);
    expect(matches("__proto__:x")).toBe(false);
  });
  it("lets an edge answer by its ends or its own status", () => {
    const edge: ViewEdge = { id: "e", host: "h", kind: "lldp", from: "a", to: "b", present: true, status: "fail" };
    expect(edgeMatches(parseFilter("web"), edge, new Set(["a"]))).toBe(false);
    expect(edgeMatches(parseFilter("web"), edge, new Set(["a", "b"]))).toBe(true);
    expect(edgeMatches(parseFilter("status:fail"), edge, new Set())).toBe(true);
  });
});
