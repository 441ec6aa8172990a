import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { parseIpJson } from "./ip-json";

const Stats = z.object({ bytes: z.number(), packets: z.number(), errors: z.number(), dropped: z.number() });

/** One interface, named as iproute2's JSON names it. Fields that the tool leaves out are undefined. */
export const Link = z.object({
  ifindex: z.number().int().positive(),
  ifname: z.string(),
  flags: z.array(z.string()),
  mtu: z.number(),
  operstate: z.string(),
  link_type: z.string(),
  address: z.string().optional(),
  broadcast: z.string().optional(),
  permaddr: z.string().optional(),
  qdisc: z.string().optional(),
  txqlen: z.number().optional(),
  promiscuity: z.number().optional(),
  /** Name of the bond or bridge that it is enslaved to. */
  master: z.string().optional(),
  /** Name of the lower device (VLAN, macvtap) in this namespace. */
  link: z.string().optional(),
  /** Ifindex of the lower device or veth peer where it lives in another namespace. */
  link_index: z.number().optional(),
  link_netnsid: z.number().optional(),
  parentbus: z.string().optional(),
  parentdev: z.string().optional(),
  altnames: z.array(z.string()).optional(),
  linkinfo: z
    .object({
      info_kind: z.string().optional(),
      info_data: z.record(z.string(), z.unknown()).optional(),
      info_slave_kind: z.string().optional(),
      info_slave_data: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  stats64: z.object({ rx: Stats.loose(), tx: Stats.loose() }).optional(),
  xdp: z.unknown().optional(),
  vfinfo_list: z.array(z.record(z.string(), z.unknown())).optional(),
});
export type Link = z.infer<typeof Link>;

/**
 * Interfaces of the host's own network namespace, with counters and kind-specific details.
 *
 * Sample (iproute2 6.1, shortened):
 * `[{"ifindex":2,"ifname":"nic0","flags":["BROADCAST","MULTICAST","SLAVE","UP","LOWER_UP"],"mtu":1500,"qdisc":"pfifo_fast","master":"bond0",
 * "operstate":"UP","link_type":"ether","address":"52:54:00:00:00:10","linkinfo":{"info_slave_kind":"bond"},...}]`
 */
export const probe = defineProbe({
  id: "ip-link",
  title: { en: "Network interfaces", zh: "网络接口" },
  tier: "fast",
  command: "ip -d -s -j link show",
  script: "need ip; ip -d -s -j link show",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 8_388_608,
  fact: z.array(Link),
  parse: (raw) => {
    const links = parseIpJson(raw, Link);
    // A network namespace always has its loopback: an empty list is an output that was cut.
    if (links.length === 0) throw new ParseError("no interface at all");
    return links;
  },
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  examples: [
    {
      name: "a bond member",
      stdout:
        '[{"ifindex":2,"ifname":"nic0","flags":["BROADCAST","MULTICAST","SLAVE","UP","LOWER_UP"],"mtu":1500,"qdisc":"pfifo_fast","master":"bond0","operstate":"UP","linkmode":"DEFAULT","group":"default","txqlen":1000,"link_type":"ether","address":"52:54:00:00:00:10","broadcast":"ff:ff:ff:ff:ff:ff"}]\n',
      expect: [
        {
          ifindex: 2,
          ifname: "nic0",
          flags: ["BROADCAST", "MULTICAST", "SLAVE", "UP", "LOWER_UP"],
          mtu: 1500,
          qdisc: "pfifo_fast",
          master: "bond0",
          operstate: "UP",
          txqlen: 1000,
          link_type: "ether",
          address: "52:54:00:00:00:10",
          broadcast: "ff:ff:ff:ff:ff:ff",
        },
      ],
    },
  ],
});
