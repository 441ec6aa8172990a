import type { Facts } from "../facts/facts";
import type { OvsBridge, OvsInterface, OvsPort } from "../probes/ovs";
import type { FactOf } from "../probes/registry";
import { unit, withHost } from "./host-examples";
import { bridge, domain, edit, factsOf, link, loopback, macOf, nic, stateOf, tap } from "./testing";

/** An interface as Open vSwitch's database has it while all is well. */
export const ovsInterface = (name: string, ofport: number, more: Partial<OvsInterface> = {}): OvsInterface => ({
  name,
  type: "",
  ofport,
  admin_state: "up",
  link_state: "up",
  mtu: 1500,
  options: [],
  external_ids: [],
  ...more,
});

export const ovsPort = (name: string, interfaces: readonly OvsInterface[], more: Partial<OvsPort> = {}): OvsPort => ({
  name,
  trunks: [],
  status: [],
  rstp_status: [],
  other_config: [],
  external_ids: [],
  interfaces: [...interfaces],
  ...more,
});

const ovsBridge: OvsBridge = {
  uuid: "3fca20c9-9b95-4960-807e-9d6fa718be23",
  name: "ovsbr0",
  datapath_type: "system",
  controllers: 0,
  stp_enable: false,
  rstp_enable: false,
  mcast_snooping_enable: false,
  flood_vlans: [],
  mirrors: 0,
  protocols: [],
  status: [],
  other_config: [],
  external_ids: [],
  ports: [
    ovsPort("ovsbr0", [ovsInterface("ovsbr0", 65534, { type: "internal" })]),
    ovsPort("bond1", [ovsInterface("nic1", 1), ovsInterface("nic0", 2)], {
      bond_mode: "active-backup",
      trunks: [0, 10, 20, 30],
    }),
    ovsPort("vnet0", [ovsInterface("vnet0", 3)], { tag: 10 }),
    ovsPort("vnet1", [ovsInterface("vnet1", 4)], { tag: 20 }),
  ],
};

export const hidden = (text: string): FactOf<"ovs-flows">[number]["flows"][number] => ({
  table: 254,
  priority: 0,
  packets: 0,
  text: `table_id=254, duration=773s, n_packets=0, n_bytes=0, ${text}`,
});

export const flow = (match: string, actions: string, packets: number, priority = 100, table = 0) => ({
  table,
  priority,
  packets,
  text: `${table === 0 ? "" : `table_id=${table}, `}duration=9s, n_packets=${packets}, n_bytes=0, priority=${priority}${match ? `,${match}` : ""},actions=${actions}`,
});

/**
 * Open vSwitch ovsbr0 with its own bond of nic0 and nic1, the host's address on it, web-01 tagged 10 on vnet0, web-02 tagged 20 on vnet1. It equals what the lab prints, a plain
 * bridge without ports left out.
 */
export function ovsHost(): Facts {
  // Long: the facts of one host, written out.
  const domains = [1, 2].map((number) => {
    const made = domain(number, `web-0${number}`, { bridge: "ovsbr0", target: `vnet${number - 1}` });
    return {
      ...made,
      interfaces: made.interfaces.map((entry) => ({
        ...entry,
        vlan: { trunk: false, tags: [{ id: number * 10 }] },
        virtualport: { type: "openvswitch", parameters: [] },
      })),
    };
  });
  const port = (one: ReturnType<typeof link>) => ({
    ...one,
    master: "ovs-system",
    linkinfo: { ...one.linkinfo, info_slave_kind: "openvswitch" },
  });
  const links = [
    loopback,
    nic(2, "mgmt0", { address: "52:54:00:4c:00:01" }),
    port(nic(3, "nic0", { address: "52:54:00:4c:00:10" })),
    port(nic(4, "nic1", { address: "52:54:00:4c:00:11" })),
    link(10, "ovs-system", {
      flags: ["BROADCAST", "MULTICAST"],
      operstate: "DOWN",
      linkinfo: { info_kind: "openvswitch" },
    }),
    link(11, "ovsbr0", { operstate: "UNKNOWN", linkinfo: { info_kind: "openvswitch" } }),
    port(tap(12, "vnet0", macOf(1))),
    port(tap(13, "vnet1", macOf(2))),
    bridge(14, "virbr0", { flags: ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP"], operstate: "DOWN" }),
  ];
  const address = (local: string) => ({ family: "inet" as const, local, prefixlen: 24, scope: "global" });
  return edit(
    withHost(
      factsOf({
        "ip-link": links,
        "ip-addr": links.map(({ ifindex, ifname }) => ({
          ifindex,
          ifname,
          addr_info: ifname === "ovsbr0" ? [address("10.20.0.10")] : [],
        })),
        "ip-route": [
          { family: "inet", dst: "default", gateway: "10.20.0.1", dev: "ovsbr0" },
          { family: "inet", dst: "10.20.0.0/24", dev: "ovsbr0", protocol: "kernel", scope: "link" },
        ],
        "ip-neigh": [
          { family: "inet", dst: "10.20.0.1", dev: "ovsbr0", lladdr: "52:54:00:4c:ff:01", state: ["REACHABLE"] },
        ],
        ovs: { ovs_version: "3.1.0", system_type: "debian", bridges: [ovsBridge] },
        "ovs-flows": [
          {
            bridge: "ovsbr0",
            flows: [
              {
                table: 0,
                priority: 0,
                packets: 2450,
                text: "duration=773s, n_packets=2450, n_bytes=323472, priority=0,actions=NORMAL",
              },
              hidden("priority=2,recirc_id=0,actions=drop"),
              hidden("priority=0,reg0=0x2,actions=drop"),
            ],
            fdb: [],
          },
        ],
        "libvirt-domains": domains,
        "libvirt-state": domains.map(stateOf),
        "libvirt-networks": [],
      }),
    ),
    "units",
    (all) => [
      ...all,
      unit("openvswitch-switch.service", { subState: "exited" }),
      unit("ovsdb-server.service", { unitFileState: "static", mainPid: 700 }),
      unit("ovs-vswitchd.service", { unitFileState: "static", mainPid: 710 }),
    ],
  );
}

/** The same host with one port changed; undefined takes it away. */
export const setPort = (facts: Facts, name: string, change: (port: OvsPort) => OvsPort | undefined): Facts =>
  setBridge(facts, (one) => ({
    ...one,
    ports: one.ports.flatMap((port) => (port.name === name ? (change(port) ?? []) : [port])),
  }));

export const setBridge = (facts: Facts, change: (bridge: OvsBridge) => OvsBridge): Facts =>
  edit(facts, "ovs", (ovs) => ({ ...ovs, bridges: ovs.bridges.map(change) }));

export const addFlows = (facts: Facts, ...flows: readonly FactOf<"ovs-flows">[number]["flows"][number][]): Facts =>
  edit(facts, "ovs-flows", (all) => all.map((one) => ({ ...one, flows: [...flows, ...one.flows] })));
