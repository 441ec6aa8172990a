import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addLinks,
  bondHost,
  bridge,
  domain,
  edit,
  enslaved,
  factsOf,
  link,
  nic,
  plainHost,
  setLink,
  stateOf,
  tap,
  vlan,
} from "../checks/testing";
import type { Facts } from "../facts/facts";
import { buildGraph } from "./builder";
import { escapeName } from "./identity";
import type { HostMemory } from "./pass";
import { passes } from "./passes/registry";

function build(facts: Facts, memory: HostMemory = {}) {
  const built = buildGraph("h", facts, JSON.parse(JSON.stringify(memory)), passes);
  expect([...built.failed]).toEqual([]);
  const ids = [...built.graph.nodes.keys()];
  return {
    ...built,
    ids,
    node: (id: string) => built.graph.nodes.get(`h/${id}`),
    edge: (id: string) => built.graph.edges.get(`h/${id}`),
  };
}

describe("ids", () => {
  it("stay over renumbering of every ifindex", () => {
    const first = build(bondHost());
    const shift = (all: Facts) =>
      edit(
        edit(all, "ip-link", (links) => links.map((one) => ({ ...one, ifindex: one.ifindex + 100 }))),
        "ip-addr",
        (links) => links.map((one) => ({ ...one, ifindex: one.ifindex + 100 })),
      );
    const second = build(shift(bondHost()), first.memory);
    expect(second.ids.sort()).toEqual(first.ids.sort());
  });

  it("stay when NICs swap their names: hardware is known by MAC and slot", () => {
    const first = build(plainHost());
    const swapped = edit(plainHost(), "ip-link", (links) =>
      links.map((one) => ({
        ...one,
        ifname: one.ifname === "eth0" ? "eth1" : one.ifname === "eth1" ? "eth0" : one.ifname,
      })),
    );
    const second = build(swapped, first.memory);
    expect([second.node("nic/eth0")?.name, second.node("nic/eth1")?.name]).toEqual(["eth1", "eth0"]);
  });

  it("a new NIC that inherits a name does not take over the renamed one's history", () => {
    const first = build(plainHost());
    const next = addLinks(
      setLink(plainHost(), "eth0", { ifname: "lan0" }),
      nic(30, "eth0", { address: "52:54:00:99:99:99" }),
    );
    const second = build(next, first.memory);
    expect(second.node("nic/eth0")?.name).toBe("lan0");
    expect(second.node("nic/eth0~2")?.name).toBe("eth0");
    // And so it stays, in whichever order they are listed.
    const third = build(
      edit(next, "ip-link", (links) => links.reverse()),
      second.memory,
    );
    expect(third.node("nic/eth0~2")?.name).toBe("eth0");
  });

  it("of a guest's TAP stay when the guest restarts and vnet0 becomes vnet7", () => {
    const first = build(bondHost());
    const restarted = edit(
      edit(bondHost(), "ip-link", (links) =>
        links.map((one) => (one.ifname === "vnet0" ? { ...one, ifname: "vnet7", ifindex: 70 } : one)),
      ),
      "libvirt-state",
      (all) => all.map((one) => (one.name === "web-01" ? { ...one, interfaces: [{ name: "vnet7" }] } : one)),
    );
    const second = build(restarted, first.memory);
    expect(second.ids.sort()).toEqual(first.ids.sort());
    expect(second.node("tap/web-01/52:54:00:5b:00:01")?.name).toBe("vnet7");
  });

  it("hold any VM name, and the name keeps the truth", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: "binary", minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
        (names) => {
          const domains = names.map((name, at) => domain(at + 1, name, { bridge: "br0", target: `vnet${at}` }));
          const facts = {
            ...bondHost(names.length),
            ...factsOf({ "libvirt-domains": domains, "libvirt-state": domains.map(stateOf) }),
          };
          const vms = [...build(facts).graph.nodes.values()].filter((node) => node.kind === "vm");
          expect(vms.map((vm) => vm.name).sort()).toEqual([...names].sort());
          for (const vm of vms) expect(vm.id).toMatch(/^h\/vm\/[^/\s\p{Cc}]+$/u);
        },
      ),
    );
    expect(escapeName("a/b\nc%d\u202e\ud800")).toBe("a%2Fb%0Ac%25d%E2%80%AE%uD800");
    expect(escapeName("网络-01")).toBe("网络-01");
  });
});

describe("sources of guests", () => {
  const qemu = {
    pid: 4711,
    emulator: "qemu-system-x86_64",
    name: "web-01",
    uuid: "5b000000-0000-4000-8000-000000000001",
    libvirt: true,
    nics: [{ id: "net0", model: "virtio-net-pci", mac: "52:54:00:5b:00:01", backend: "tap", fds: ["33"] }],
    taps: [{ fd: 33, ifname: "vnet0" }],
  };

  it("a guest that libvirt and QEMU both tell of is one", () => {
    const { ids, node } = build({ ...bondHost(), ...factsOf({ "qemu-proc": [qemu] }) });
    expect(ids.filter((id) => id.startsWith("h/vm/"))).toHaveLength(2);
    expect(node("vm/web-01")?.attributes).toMatchObject({ sources: ["libvirt", "qemu"], pid: 4711 });
  });

  it("QEMU alone gives the same ids: by arguments, by file descriptor, by MAC", () => {
    const { "libvirt-domains": _d, "libvirt-state": _s, "libvirt-networks": _n, ...rest } = bondHost(1);
    const expected = build(bondHost(1)).ids.sort();
    for (const process of [
      { ...qemu, taps: undefined, nics: [{ ...qemu.nics[0], fds: [], ifname: "vnet0" }] },
      qemu,
      { ...qemu, taps: undefined },
    ])
      expect(build({ ...rest, ...factsOf({ "qemu-proc": [process] }) }).ids.sort()).toEqual(expected);
  });

  it("an edge that the XML wants and the kernel has not is there as not present", () => {
    const id = "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01";
    expect(build(bondHost()).edge(id)?.present).toBe(true);
    expect(build(setLink(bondHost(), "vnet0", { master: undefined })).edge(id)?.present).toBe(false);
    const elsewhere = build(setLink(addLinks(bondHost(), bridge(50, "br5")), "vnet0", { master: "br5" }));
    expect(elsewhere.edge(id)?.present).toBe(false);
    expect(elsewhere.edge("bridge-port/bridge/br5--tap/web-01/52:54:00:5b:00:01")?.present).toBe(true);
  });
});

describe("what leads where", () => {
  it("VLAN over bond under a bridge", () => {
    const facts = addLinks(bondHost(), enslaved(vlan(60, "bond0.20", "bond0", 20), "br20"), bridge(61, "br20"));
    const { edge, node } = build(facts);
    expect(edge("vlan-parent/bond/bond0--vlan/bond0.20")).toBeDefined();
    expect(edge("uplink/vlan/bond0.20--bridge/br20")).toBeDefined();
    expect(node("vlan/bond0.20")?.attributes.vlan).toBe(20);
  });

  it("a container's veth never counts as an uplink; in a host without NIC a veth plays it", () => {
    const veth = (ifindex: number, name: string) =>
      enslaved(link(ifindex, name, { link_index: 9, link_netnsid: 0, linkinfo: { info_kind: "veth" } }), "br0");
    expect(
      build(addLinks(bondHost(), veth(70, "veth12ab"))).edge("bridge-port/bridge/br0--veth/veth12ab"),
    ).toBeDefined();
    expect(build(addLinks(bondHost(), veth(70, "eth5"))).edge("bridge-port/bridge/br0--veth/eth5")).toBeDefined();
    const inNamespace = factsOf({
      "ip-link": [
        bridge(2, "br0"),
        veth(3, "eth0"),
        veth(4, "veth77"),
        enslaved(tap(5, "tap0", "52:54:00:00:00:01"), "br0"),
      ],
    });
    const { edge } = build(inNamespace);
    expect(edge("uplink/veth/eth0--bridge/br0")).toBeDefined();
    expect(edge("bridge-port/bridge/br0--veth/veth77")).toBeDefined();
  });

  it("remembers the switch port of a cable that died", () => {
    const heard = {
      ifname: "nic0",
      chassis: { id: "7e:bc:94:7b:fa:c1", name: "tor-01", mgmtIps: [], capabilities: ["Bridge"] },
      port: { id: "swp1" },
      vlans: [],
    };
    const first = build({ ...bondHost(), ...factsOf({ lldp: [heard] }) });
    const id = "switch-port/7e:bc:94:7b:fa:c1/swp1";
    expect(first.node(id)).toMatchObject({ name: "tor-01 swp1" });
    expect(first.node(id)?.remembered).toBeUndefined();
    const second = build({ ...bondHost(), ...factsOf({ lldp: [] }) }, first.memory);
    expect(second.node(id)).toMatchObject({ name: "tor-01 swp1", remembered: true });
    expect(second.edge(`lldp/${id}--nic/nic0`)?.remembered).toBe(true);
    const third = build({ ...bondHost(), ...factsOf({ lldp: [{ ...heard, port: { id: "swp9" } }] }) }, second.memory);
    expect(third.node(id)).toBeUndefined();
  });
});
