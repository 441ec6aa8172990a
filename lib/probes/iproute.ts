import { z } from "zod";

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

/** One address, named as iproute2's JSON names it. Flags that are not set are left out by the tool. */
export const Address = z.object({
  family: z.enum(["inet", "inet6"]),
  local: z.string(),
  /** Far end of a point-to-point address. */
  address: z.string().optional(),
  prefixlen: z.number().int(),
  broadcast: z.string().optional(),
  scope: z.string(),
  label: z.string().optional(),
  dynamic: z.boolean().optional(),
  secondary: z.boolean().optional(),
  temporary: z.boolean().optional(),
  tentative: z.boolean().optional(),
  /** IPv6 duplicate address detection found another owner. */
  dadfailed: z.boolean().optional(),
  deprecated: z.boolean().optional(),
  noprefixroute: z.boolean().optional(),
  mngtmpaddr: z.boolean().optional(),
  protocol: z.string().optional(),
  /** Seconds; 4294967295 is forever. */
  valid_life_time: z.number().optional(),
  preferred_life_time: z.number().optional(),
});
export type Address = z.infer<typeof Address>;

export const LinkAddresses = z.object({
  ifindex: z.number().int().positive(),
  ifname: z.string(),
  addr_info: z.array(Address),
});
export type LinkAddresses = z.infer<typeof LinkAddresses>;

/** Fields of a link that move by themselves: counters, and the running timers of a bridge and its ports. */
export const linkVolatile = [
  "stats",
  "stats64",
  "hello_timer",
  "tcn_timer",
  "gc_timer",
  "topology_change_timer",
  "message_age_timer",
  "forward_delay_timer",
  "hold_timer",
] as const;
