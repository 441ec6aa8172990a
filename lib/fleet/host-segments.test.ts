import { describe, expect, it } from "vitest";
import {
  addLinks,
  bondHost,
  bridge,
  edit,
  enslaved,
  factsOf,
  link,
  macOf,
  natHost,
  nic,
  setLink,
  tap,
  vlan,
} from "../checks/testing";
import type { Facts } from "../facts/facts";
import { buildGraph } from "../graph/builder";
import { passes } from "../graph/passes/registry";
import { viewOf } from "../graph/view";
import { Summary } from "./summary";

function segmentsOf(facts: Facts, host = "h") {
  return new Summary().take(viewOf(buildGraph(host, facts, {}, passes).graph), facts, 0).segments.map((segment) => ({
    ref: segment.ref,
    vlan: segment.vlan,
    guests: segment.guests.map(({ name }) => name),
    heard: [...segment.heard.keys()],
    macs: [...segment.macs.keys()],
    marks: segment.marks.map(({ key }) => key),
  }));
}

const port = (ifname: string, vlans: { id: number; pvid?: boolean }[]) => ({
  ifname,
  chassis: { id: "7e:bc:94:7b:fa:c1", name: "tor-01", mgmtIps: [], capabilities: ["Bridge"] },
  port: { id: `swp-${ifname}` },
  vlans: vlans.map(({ id, pvid }) => ({ id, pvid: pvid ?? false })),
});
const atSwitch = (facts: Facts, vlans: { id: number; pvid?: boolean }[]): Facts => ({
  ...facts,
  ...factsOf({ lldp: [port("nic0", vlans)] }),
});
const gateway = "gateway 52:54:00:4c:ff:01 10.20.0.0/24";
/** br20 on bond0.20, with web-03's TAP. */
const tagged = (facts: Facts) =>
  addLinks(
    facts,
    enslaved(vlan(60, "bond0.20", "bond0", 20), "br20"),
    bridge(61, "br20"),
    enslaved(tap(62, "vnet1", macOf(2)), "br20"),
  );

describe("segments of a host", () => {
  it("are what leads off it, with its guests and its gateway; a NAT network leads nowhere", () => {
    expect(segmentsOf(bondHost())).toMatchObject([
      { ref: "h/bridge/br0 0", vlan: undefined, guests: ["web-01", "web-02"], marks: [gateway] },
      { ref: "h/nic/mgmt0 0", guests: [], marks: [] },
    ]);
    expect(segmentsOf(natHost()).map(({ ref }) => ref)).toEqual(["h/nic/eth0 0"]);
  });

  it("have the VLAN that their switch announces: by tag, or the port's own where there is none", () => {
    const facts = edit(tagged(bondHost()), "ip-link", (links) =>
      links.filter((one) => one.ifname !== "vnet1" || one.master === "br20"),
    );
    const vlans = [{ id: 1, pvid: true }, { id: 20 }];
    const marks = (all: Facts) => Object.fromEntries(segmentsOf(all).map((one) => [one.ref, one.marks]));
    expect(marks(atSwitch(facts, vlans))).toMatchObject({
      "h/bridge/br0 0": [gateway, "switch 7e:bc:94:7b:fa:c1 1"],
      "h/bridge/br20 20": ["switch 7e:bc:94:7b:fa:c1 20"],
    });
    // The port does not carry it, or says nothing of untagged frames.
    expect(marks(atSwitch(facts, [{ id: 30 }]))).toMatchObject({ "h/bridge/br0 0": [gateway], "h/bridge/br20 20": [] });
    expect(marks(atSwitch(facts, []))).toMatchObject({ "h/bridge/br0 0": [gateway] });
  });

  it("of a bridge that filters VLANs are one for each; what its uplink sends untagged is untagged", () => {
    const facts = {
      ...setLink(bondHost(), "br0", {
        linkinfo: { info_kind: "bridge", info_data: { vlan_filtering: 1 } },
      }),
      ...factsOf({
        "bridge-vlan": [
          { ifname: "bond0", vlans: [{ vlan: 1, flags: ["PVID", "Egress Untagged"] }, { vlan: 10 }] },
          { ifname: "vnet0", vlans: [{ vlan: 10, flags: ["PVID", "Egress Untagged"] }] },
          { ifname: "vnet1", vlans: [{ vlan: 1, flags: ["PVID", "Egress Untagged"] }] },
        ],
        "bridge-fdb": [
          { mac: "52:54:00:00:00:a1", ifname: "bond0", vlan: 10, flags: [], master: "br0", state: "" },
          { mac: "52:54:00:00:00:a2", ifname: "bond0", vlan: 1, flags: [], master: "br0", state: "" },
        ],
      }),
    };
    expect(segmentsOf(facts)).toMatchObject([
      { ref: "h/bridge/br0 0", guests: ["web-02"], heard: expect.arrayContaining(["52:54:00:00:00:a2"]) },
      { ref: "h/bridge/br0 10", vlan: 10, guests: ["web-01"], heard: ["52:54:00:00:00:a1"] },
      {},
    ]);
  });

  it("hear others on their uplinks, and not their own guests", () => {
    const facts = {
      ...bondHost(),
      ...factsOf({
        "bridge-fdb": [
          { mac: "52:54:00:00:00:a1", ifname: "bond0", flags: [], master: "br0", state: "" },
          { mac: macOf(1), ifname: "vnet0", flags: [], master: "br0", state: "" },
          { mac: "52:54:00:00:00:a3", ifname: "bond0", flags: ["self"], state: "" },
          { mac: "52:54:00:00:00:a4", ifname: "bond0", flags: [], master: "br0", state: "permanent" },
        ],
      }),
    };
    expect(segmentsOf(facts)[0]?.heard).toEqual(["52:54:00:00:00:a1", "52:54:00:4c:ff:01"]);
  });

  it("own a MAC only where no other segment of the host has it", () => {
    const both = edit(tagged(bondHost()), "ip-addr", (all) => [
      ...all,
      {
        ifindex: 61,
        ifname: "br20",
        addr_info: [{ family: "inet" as const, local: "10.99.0.1", prefixlen: 24, scope: "global" }],
      },
    ]);
    const shared = setLink(both, "br20", { address: "52:54:00:4c:00:10" });
    expect(segmentsOf(both).flatMap(({ macs }) => macs)).toContain("52:54:00:4c:00:10");
    expect(segmentsOf(shared).flatMap(({ macs }) => macs)).not.toContain("52:54:00:4c:00:10");
  });

  it("do not take a MAC that routers share for a router", () => {
    // 00:00:5e:00:01:01 is VRRP's.
    expect(segmentsOf(natHost())[0]?.marks).toEqual([]);
  });

  it("over VXLAN have the tunnel, the same from either end", () => {
    const end = (local: string, remote: string) =>
      segmentsOf(
        addLinks(
          bondHost(),
          enslaved(
            link(70, "vx7", { linkinfo: { info_kind: "vxlan", info_data: { id: 7, local, remote, port: 4789 } } }),
            "brx",
          ),
          bridge(71, "brx"),
          enslaved(tap(72, "vnet1", macOf(2)), "brx"),
        ),
      ).find(({ ref }) => ref.startsWith("h/bridge/brx"))?.marks;
    expect(end("192.0.2.1", "192.0.2.2")).toEqual(["tunnel 7 4789 192.0.2.1 - 192.0.2.2"]);
    expect(end("192.0.2.2", "192.0.2.1")).toEqual(["tunnel 7 4789 192.0.2.1 - 192.0.2.2"]);
  });
});

describe("a summary", () => {
  it("is the same object while it says the same", () => {
    const kept = new Summary();
    const graph = (facts: Facts) => viewOf(buildGraph("h", facts, {}, passes).graph);
    const first = kept.take(graph(bondHost()), bondHost(), 0);
    expect(kept.take(graph(bondHost()), bondHost(), 1)).toBe(first);
    expect(kept.take(graph(addLinks(bondHost(), nic(80, "eth9"))), bondHost(), 2)).not.toBe(first);
  });

  it("keeps what was heard for a quarter of an hour after it has left the table", () => {
    const kept = new Summary();
    const take = (macs: readonly string[], at: number) => {
      const table = macs.map((mac) => ({ mac, ifname: "bond0", flags: [], master: "br0", state: "" }));
      const facts = { ...bondHost(), ...factsOf({ "bridge-fdb": table, "ip-neigh": [] }) };
      return [
        ...(kept.take(viewOf(buildGraph("h", facts, {}, passes).graph), facts, at).segments[0]?.heard.keys() ?? []),
      ];
    };
    const [one, other] = ["52:54:00:00:00:a1", "52:54:00:00:00:a2"];
    expect(take([one, other], 0)).toEqual([one, other]);
    // It stood there for an hour before it left.
    expect(take([other], 3_600_000)).toEqual([other, one]);
    expect(take([other], 3_600_000 + 14 * 60_000)).toEqual([other, one]);
    expect(take([other], 3_600_000 + 16 * 60_000)).toEqual([other]);
  });
});
