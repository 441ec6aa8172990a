import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { looseJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, conform, partsOf } from "./parts";
import { rootCommand } from "./root-script";

/** One neighbour that was heard on one interface. All texts come from the other machine. */
export const LldpNeighbour = z.object({
  ifname: z.string(),
  /** LLDP, CDPv2, EDP... */
  via: z.string().optional(),
  /** As lldpd words it: "0 day, 00:03:08". */
  age: z.string().optional(),
  chassis: z.object({
    idType: z.string().optional(),
    id: z.string().optional(),
    name: z.string().optional(),
    descr: z.string().optional(),
    mgmtIps: z.array(z.string()),
    /** Names of enabled capabilities: Bridge, Router, Wlan, Station... */
    capabilities: z.array(z.string()),
  }),
  port: z.object({
    idType: z.string().optional(),
    id: z.string().optional(),
    descr: z.string().optional(),
    /** Seconds. */
    ttl: z.number().optional(),
    /** Largest frame (802.3 TLV). */
    mfs: z.number().optional(),
    /** Link aggregation TLV: is the far port in an aggregate. */
    aggregation: z.string().optional(),
    autoNegotiation: z
      .object({ supported: z.boolean().optional(), enabled: z.boolean().optional(), current: z.string().optional() })
      .optional(),
  }),
  /** 802.1 TLVs: VLANs that the far port carries. `pvid`: its untagged one. */
  vlans: z.array(z.object({ id: z.number(), name: z.string().optional(), pvid: z.boolean() })),
});
export type LldpNeighbour = z.infer<typeof LldpNeighbour>;

// json0 writes every element as an array, and leaves out what is not there: its shape never depends on how many there are.
const Value = z.object({ value: z.string().optional(), type: z.string().optional() });
const List = <S extends z.ZodType>(entry: S) => z.array(entry).default([]);
const bool = z
  .union([z.boolean(), z.string()])
  .transform((value) => value === true || value === "yes" || value === "true");

const Heard = z.object({
  name: z.string(),
  via: z.string().optional(),
  age: z.string().optional(),
  chassis: List(
    z.object({
      id: List(Value),
      name: List(Value),
      descr: List(Value),
      "mgmt-ip": List(Value),
      capability: List(z.object({ type: z.string().optional(), enabled: bool.optional() })),
    }),
  ),
  port: List(
    z.object({
      id: List(Value),
      descr: List(Value),
      ttl: List(Value),
      mfs: List(Value),
      aggregation: List(Value),
      "auto-negotiation": List(
        z.object({ supported: bool.optional(), enabled: bool.optional(), current: List(Value) }),
      ),
    }),
  ),
  vlan: List(
    z.object({ "vlan-id": z.union([z.string(), z.number()]), pvid: bool.optional(), value: z.string().optional() }),
  ),
});
const Document = z.object({ lldp: z.array(z.object({ interface: List(Heard) })) });

const first = (list: readonly z.output<typeof Value>[]): string | undefined => list[0]?.value;
const numeric = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

function neighbour(heard: z.output<typeof Heard>): LldpNeighbour {
  const chassis = heard.chassis[0];
  const port = heard.port[0];
  const negotiation = port?.["auto-negotiation"][0];
  return {
    ifname: heard.name,
    via: heard.via,
    age: heard.age,
    chassis: {
      idType: chassis?.id[0]?.type,
      id: first(chassis?.id ?? []),
      name: first(chassis?.name ?? []),
      descr: first(chassis?.descr ?? []),
      mgmtIps: (chassis?.["mgmt-ip"] ?? []).flatMap((entry) => entry.value ?? []),
      capabilities: (chassis?.capability ?? []).flatMap((entry) => (entry.enabled && entry.type ? [entry.type] : [])),
    },
    port: {
      idType: port?.id[0]?.type,
      id: first(port?.id ?? []),
      descr: first(port?.descr ?? []),
      ttl: numeric(first(port?.ttl ?? [])),
      mfs: numeric(first(port?.mfs ?? [])),
      aggregation: first(port?.aggregation ?? []),
      autoNegotiation: negotiation && {
        supported: negotiation.supported,
        enabled: negotiation.enabled,
        current: first(negotiation.current),
      },
    },
    vlans: heard.vlan.flatMap((entry) => {
      const id = numeric(String(entry["vlan-id"]));
      return id === undefined ? [] : [{ id, name: entry.value, pvid: entry.pvid ?? false }];
    }),
  };
}

const command = "lldpcli -f json0 show neighbors details";
const read = rootCommand(command);

/**
 * LLDP neighbours as lldpd has heard them: the switch and port at the other end of each cable.
 *
 * Sample (lldpd 1.0.16, shortened): `{"lldp":[{"interface":[{"name":"nic0","via":"LLDP","rid":"1","age":"0 day, 00:03:08","chassis":[{"id":[{"type":"mac",
 * "value":"7e:bc:94:7b:fa:c1"}],"name":[{"value":"tor-01"}],...}],"port":[{"id":[{"type":"ifname","value":"swp1"}],...}]}]}]}`
 */
export const probe = defineProbe({
  id: "lldp",
  title: { en: "LLDP neighbours", zh: "LLDP 邻居" },
  tier: "slow",
  volatile: ["age"],
  command,
  script: `command -v lldpcli >/dev/null 2>&1 || [ -e /usr/sbin/lldpcli ] || exit 127
o=$(try_root ${read} 2>/dev/null </dev/null) && { item neighbours printf '%s\\n' "$o"; exit 0; }
o=$(try_root ${read} 2>&1 </dev/null); [ $? != 126 ] || exit 77
case $o in *ermission*) exit 77 ;; esac
printf '%s\\n' "$o" >&2; exit 1`,
  privilege: "root",
  sudo: [read],
  timeoutMs: 8_000,
  maxBytes: 4_194_304,
  fact: z.array(LldpNeighbour),
  parse: (raw) => {
    const value = looseJson(asRaw(partsOf(raw, ["neighbours"])("neighbours")));
    const [document] = conform(Document, value).lldp;
    if (!document) throw new ParseError("lldpcli: no list");
    return document.interface.map(neighbour);
  },
  sources: [
    "https://lldpd.github.io/usage.html",
    "https://github.com/lldpd/lldpd/blob/1.0.16/src/client/json_writer.c",
  ],
  examples: [
    {
      name: "a switch with VLANs, and nothing else",
      stdout: printItem(
        "neighbours",
        '{\n  "lldp": [\n    {\n      "interface": [\n        {\n          "name": "nic0",\n          "via": "LLDP",\n          "rid": "1",\n          "age": "0 day, 00:03:08",\n          "chassis": [{"id": [{"type": "mac", "value": "7e:bc:94:7b:fa:c1"}], "name": [{"value": "tor-01"}], "mgmt-ip": [{"value": "198.51.100.1"}], "capability": [{"type": "Bridge", "enabled": true}, {"type": "Wlan", "enabled": false}]}],\n          "port": [{"id": [{"type": "ifname", "value": "swp1"}], "descr": [{"value": "swp1"}], "ttl": [{"value": "20"}], "auto-negotiation": [{"supported": false, "enabled": false, "current": [{"value": "10GbaseT"}]}]}],\n          "vlan": [{"vlan-id": "10", "pvid": true, "value": "blue"}]\n        }\n      ]\n    }\n  ]\n}\n',
      ),
      expect: [
        {
          ifname: "nic0",
          via: "LLDP",
          age: "0 day, 00:03:08",
          chassis: {
            idType: "mac",
            id: "7e:bc:94:7b:fa:c1",
            name: "tor-01",
            mgmtIps: ["198.51.100.1"],
            capabilities: ["Bridge"],
          },
          port: {
            idType: "ifname",
            id: "swp1",
            descr: "swp1",
            ttl: 20,
            autoNegotiation: { supported: false, enabled: false, current: "10GbaseT" },
          },
          vlans: [{ id: 10, name: "blue", pvid: true }],
        },
      ],
    },
    {
      name: "nobody heard",
      stdout: printItem("neighbours", '{\n  "lldp": [\n    {\n    }\n  ]\n}\n'),
      expect: [],
    },
  ],
});
