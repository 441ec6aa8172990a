import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { jsonText, printItem } from "./items";
import { booleanOf, mapOf, numberOf, type Row, rowsOf, setOf, textOf } from "./ovsdb";
import { partsOf } from "./parts";
import { rootCommand } from "./root-script";

const StringMap = z.array(z.object({ key: z.string(), value: z.string() }));

/** One row of the table Interface. Names follow the schema of Open vSwitch. */
export const OvsInterface = z.object({
  name: z.string(),
  /** "" or "system": a device of the host; internal, patch, vxlan, gre, geneve, dpdk, dpdkvhostuserclient... */
  type: z.string(),
  ofport: z.number().optional(),
  ifindex: z.number().optional(),
  admin_state: z.string().optional(),
  link_state: z.string().optional(),
  mac_in_use: z.string().optional(),
  mtu: z.number().optional(),
  /** Why it cannot be used, e.g. "could not open network device tap9 (No such device)". */
  error: z.string().optional(),
  /** Bond members with LACP: negotiated or not. */
  lacp_current: z.boolean().optional(),
  /** Bit/s. */
  link_speed: z.number().optional(),
  options: StringMap,
  external_ids: StringMap,
});
export type OvsInterface = z.infer<typeof OvsInterface>;

export const OvsPort = z.object({
  name: z.string(),
  tag: z.number().optional(),
  trunks: z.array(z.number()),
  vlan_mode: z.string().optional(),
  bond_mode: z.string().optional(),
  bond_active_slave: z.string().optional(),
  lacp: z.string().optional(),
  /** stp_port_id, stp_state, stp_role... where STP is on. */
  status: StringMap,
  /** rstp_port_role, rstp_port_state... where RSTP is on. */
  rstp_status: StringMap,
  other_config: StringMap,
  external_ids: StringMap,
  /** More than one: a bond. */
  interfaces: z.array(OvsInterface),
});
export type OvsPort = z.infer<typeof OvsPort>;

export const OvsBridge = z.object({
  uuid: z.string(),
  name: z.string(),
  /** "system" (kernel), "netdev" (user space). */
  datapath_type: z.string(),
  datapath_id: z.string().optional(),
  /** secure: without a controller only flows put there by hand forward anything. Missing: standalone. */
  fail_mode: z.string().optional(),
  controllers: z.number(),
  stp_enable: z.boolean(),
  rstp_enable: z.boolean(),
  mcast_snooping_enable: z.boolean(),
  flood_vlans: z.array(z.number()),
  mirrors: z.number(),
  protocols: z.array(z.string()),
  status: StringMap,
  other_config: StringMap,
  external_ids: StringMap,
  ports: z.array(OvsPort),
});
export type OvsBridge = z.infer<typeof OvsBridge>;

export const Ovs = z.object({
  ovs_version: z.string().optional(),
  system_type: z.string().optional(),
  bridges: z.array(OvsBridge),
});
export type Ovs = z.infer<typeof Ovs>;

const columns = {
  Open_vSwitch: ["_uuid", "ovs_version", "system_type"],
  Bridge: [
    ..."_uuid,name,ports,datapath_type,datapath_id,fail_mode,controller,stp_enable,rstp_enable".split(","),
    ..."mcast_snooping_enable,flood_vlans,mirrors,protocols,status,other_config,external_ids".split(","),
  ],
  Port: [
    ..."_uuid,name,interfaces,tag,trunks,vlan_mode,bond_mode,bond_active_slave,lacp".split(","),
    ..."status,rstp_status,other_config,external_ids".split(","),
  ],
  Interface: [
    ..."_uuid,name,type,ofport,ifindex,admin_state,link_state,mac_in_use,mtu,error".split(","),
    ..."lacp_current,link_speed,options,external_ids".split(","),
  ],
} as const;
const tables = ["Open_vSwitch", "Bridge", "Port", "Interface"] as const;
const read = rootCommand(
  `ovs-vsctl --timeout=5 --no-wait --format=json ${tables
    .map((table) => `-- --columns=${columns[table].join(",")} list ${table}`)
    .join(" ")}`,
);

function interfaceOf(row: Row): OvsInterface {
  return {
    name: textOf(row, "name") ?? "",
    type: textOf(row, "type") ?? "",
    ofport: numberOf(row, "ofport"),
    ifindex: numberOf(row, "ifindex"),
    admin_state: textOf(row, "admin_state"),
    link_state: textOf(row, "link_state"),
    mac_in_use: textOf(row, "mac_in_use"),
    mtu: numberOf(row, "mtu"),
    error: textOf(row, "error"),
    lacp_current: booleanOf(row, "lacp_current"),
    link_speed: numberOf(row, "link_speed"),
    options: mapOf(row, "options"),
    external_ids: mapOf(row, "external_ids"),
  };
}

/** Rows that a column names by UUID. A row that is named but not there is a table that was read at another moment: ParseError. */
function referred(row: Row, column: string, rows: ReadonlyMap<string, Row>): Row[] {
  return setOf(row, column).map((uuid) => {
    const found = rows.get(String(uuid));
    if (!found) throw new ParseError(`ovsdb: ${column} names a row that is not there`);
    return found;
  });
}

function portOf(row: Row, interfaces: ReadonlyMap<string, Row>): OvsPort {
  return {
    name: textOf(row, "name") ?? "",
    tag: numberOf(row, "tag"),
    trunks: setOf(row, "trunks").map(Number),
    vlan_mode: textOf(row, "vlan_mode"),
    bond_mode: textOf(row, "bond_mode"),
    bond_active_slave: textOf(row, "bond_active_slave"),
    lacp: textOf(row, "lacp"),
    status: mapOf(row, "status"),
    rstp_status: mapOf(row, "rstp_status"),
    other_config: mapOf(row, "other_config"),
    external_ids: mapOf(row, "external_ids"),
    interfaces: referred(row, "interfaces", interfaces).map(interfaceOf),
  };
}

function bridgeOf(row: Row, ports: ReadonlyMap<string, Row>, interfaces: ReadonlyMap<string, Row>): OvsBridge {
  return {
    uuid: textOf(row, "_uuid") ?? "",
    name: textOf(row, "name") ?? "",
    datapath_type: textOf(row, "datapath_type") || "system",
    datapath_id: textOf(row, "datapath_id"),
    fail_mode: textOf(row, "fail_mode"),
    controllers: setOf(row, "controller").length,
    stp_enable: booleanOf(row, "stp_enable") ?? false,
    rstp_enable: booleanOf(row, "rstp_enable") ?? false,
    mcast_snooping_enable: booleanOf(row, "mcast_snooping_enable") ?? false,
    flood_vlans: setOf(row, "flood_vlans").map(Number),
    mirrors: setOf(row, "mirrors").length,
    protocols: setOf(row, "protocols").map(String),
    status: mapOf(row, "status"),
    other_config: mapOf(row, "other_config"),
    external_ids: mapOf(row, "external_ids"),
    ports: referred(row, "ports", ports).map((port) => portOf(port, interfaces)),
  };
}

const sample = [
  '{"data":[[["uuid","9823391b-7591-4b53-a64c-bb6f92831091"],"3.1.0",["set",[]]]],"headings":["_uuid","ovs_version","system_type"]}',
  '{"data":[[["uuid","37e710db-9566-4455-b563-3721b27f5d2b"],"ovsbr0",["set",[["uuid","14e2402d-04af-4502-9e1b-90c97ab2aac7"],["uuid","290991e0-f2a3-473e-ad23-6c68fd0b4707"],["uuid","e021a4c2-46ac-482d-995a-95e8ca895fdd"]]],"netdev","0000da10e7375544","secure",["set",[]],false,false,false,["set",[]],["set",[]],["set",[]],["map",[]],["map",[]],["map",[]]]],"headings":["_uuid","name","ports","datapath_type","datapath_id","fail_mode","controller","stp_enable","rstp_enable","mcast_snooping_enable","flood_vlans","mirrors","protocols","status","other_config","external_ids"]}',
  '{"data":[[["uuid","290991e0-f2a3-473e-ad23-6c68fd0b4707"],"tap0",["uuid","e926b5a4-c8d9-42e0-987f-28df895f892a"],42,["set",[]],["set",[]],["set",[]],["set",[]],["set",[]],["map",[]],["map",[]],["map",[]],["map",[]]],[["uuid","14e2402d-04af-4502-9e1b-90c97ab2aac7"],"obond",["set",[["uuid","177f46ae-e57e-4fe8-bfa7-a02a6544583a"],["uuid","3c496158-9acb-4c88-b4dc-24c4ca860287"]]],["set",[]],["set",[]],["set",[]],"balance-tcp","00:00:00:00:00:00","active",["map",[]],["map",[]],["map",[]],["map",[]]],[["uuid","e021a4c2-46ac-482d-995a-95e8ca895fdd"],"gone0",["uuid","edf5f77e-6b69-45a2-b26e-33e1e6128c70"],["set",[]],["set",[]],["set",[]],["set",[]],["set",[]],["set",[]],["map",[]],["map",[]],["map",[]],["map",[]]]],"headings":["_uuid","name","interfaces","tag","trunks","vlan_mode","bond_mode","bond_active_slave","lacp","status","rstp_status","other_config","external_ids"]}',
  '{"data":[[["uuid","3c496158-9acb-4c88-b4dc-24c4ca860287"],"v1","",3,3,"up","up","26:7c:03:40:9b:fc",1500,["set",[]],true,10000000000,["map",[]],["map",[]]],[["uuid","e926b5a4-c8d9-42e0-987f-28df895f892a"],"tap0","",1,5,"down","down","fa:6a:29:eb:11:04",1500,["set",[]],["set",[]],10000000000,["map",[]],["map",[["iface-id","x"]]]],[["uuid","177f46ae-e57e-4fe8-bfa7-a02a6544583a"],"v0","",2,4,"up","up","ca:ab:b3:57:e8:5e",1500,["set",[]],true,10000000000,["map",[]],["map",[]]],[["uuid","edf5f77e-6b69-45a2-b26e-33e1e6128c70"],"gone0","",-1,["set",[]],["set",[]],["set",[]],["set",[]],["set",[]],"could not open network device gone0 (No such device)",["set",[]],["set",[]],["map",[]],["map",[]]]],"headings":["_uuid","name","type","ofport","ifindex","admin_state","link_state","mac_in_use","mtu","error","lacp_current","link_speed","options","external_ids"]}',
].join("\n");

const none = { status: [], rstp_status: [], other_config: [], external_ids: [] };

/**
 * Open vSwitch as its database has it: bridges with their ports and interfaces, in one transaction.
 *
 * Sample (Open vSwitch 3.1), one line of JSON a table:
 * `{"data":[[["uuid","23b5..."],"tap0",...,42,["set",[]],...]],"headings":["_uuid","name",...,"tag","trunks",...]}`
 */
export const probe = defineProbe({
  id: "ovs",
  title: { en: "Open vSwitch", zh: "Open vSwitch 配置" },
  tier: "fast",
  command: "ovs-vsctl --format=json -- list Bridge -- list Port -- list Interface",
  script: `need ovs-vsctl
# Installed, not running, and no datapath of it in the kernel: nobody uses it here. Whether it should run is for the check of its units to say.
[ -S /var/run/openvswitch/db.sock ] || [ -e /sys/class/net/ovs-system ] || [ -e /sys/class/net/ovs-netdev ] || exit 127
o=$(try_root ${read} 2>&1 </dev/null) && { item tables printf '%s\\n' "$o"; exit 0; }
case $o in *ermission*) exit 77 ;; esac
printf '%s\\n' "$o" >&2; exit 1`,
  privilege: "root",
  sudo: [read],
  timeoutMs: 8_000,
  maxBytes: 33_554_432,
  fact: Ovs,
  parse: (raw) => {
    const lines = jsonText(partsOf(raw, ["tables"])("tables").bytes)
      .split("\n")
      .filter((line) => line.startsWith("{"));
    if (lines.length !== tables.length)
      throw new ParseError(`ovsdb: ${lines.length} tables instead of ${tables.length}`);
    const [open, bridges, ports, interfaces] = lines.map(rowsOf);
    if (!open || !bridges || !ports || !interfaces) throw new ParseError("ovsdb: a table is missing");
    const byUuid = (rows: readonly Row[]) => new Map(rows.map((row) => [textOf(row, "_uuid") ?? "", row]));
    const [first] = open;
    return {
      ovs_version: first && textOf(first, "ovs_version"),
      system_type: first && textOf(first, "system_type"),
      bridges: bridges.map((row) => bridgeOf(row, byUuid(ports), byUuid(interfaces))),
    };
  },
  sources: [
    "https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/",
    "https://www.openvswitch.org/support/dist-docs/ovs-vsctl.8.txt",
  ],
  examples: [
    {
      name: "an access port, a bond, and a port whose device is gone",
      stdout: printItem("tables", sample),
      expect: {
        ovs_version: "3.1.0",
        bridges: [
          {
            uuid: "37e710db-9566-4455-b563-3721b27f5d2b",
            name: "ovsbr0",
            datapath_type: "netdev",
            datapath_id: "0000da10e7375544",
            fail_mode: "secure",
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
              {
                name: "obond",
                trunks: [],
                bond_mode: "balance-tcp",
                bond_active_slave: "00:00:00:00:00:00",
                lacp: "active",
                ...none,
                interfaces: [
                  {
                    name: "v0",
                    type: "",
                    ofport: 2,
                    ifindex: 4,
                    admin_state: "up",
                    link_state: "up",
                    mac_in_use: "ca:ab:b3:57:e8:5e",
                    mtu: 1500,
                    lacp_current: true,
                    link_speed: 10000000000,
                    options: [],
                    external_ids: [],
                  },
                  {
                    name: "v1",
                    type: "",
                    ofport: 3,
                    ifindex: 3,
                    admin_state: "up",
                    link_state: "up",
                    mac_in_use: "26:7c:03:40:9b:fc",
                    mtu: 1500,
                    lacp_current: true,
                    link_speed: 10000000000,
                    options: [],
                    external_ids: [],
                  },
                ],
              },
              {
                name: "tap0",
                tag: 42,
                trunks: [],
                ...none,
                interfaces: [
                  {
                    name: "tap0",
                    type: "",
                    ofport: 1,
                    ifindex: 5,
                    admin_state: "down",
                    link_state: "down",
                    mac_in_use: "fa:6a:29:eb:11:04",
                    mtu: 1500,
                    link_speed: 10000000000,
                    options: [],
                    external_ids: [{ key: "iface-id", value: "x" }],
                  },
                ],
              },
              {
                name: "gone0",
                trunks: [],
                ...none,
                interfaces: [
                  {
                    name: "gone0",
                    type: "",
                    ofport: -1,
                    error: "could not open network device gone0 (No such device)",
                    options: [],
                    external_ids: [],
                  },
                ],
              },
            ],
          },
        ],
      },
    },
  ],
});
