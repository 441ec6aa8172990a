import { z } from "zod";
import { type Argv, defineKind } from "../define";
import type { Target } from "../touch";

/**
 * Settings that may be set. Names with an interface in them stand between slashes, so that it may hold dots; sysctl(8) reads patterns in
 * a name, so an interface with one in its name has none of its own to set.
 */
const settings = [
  /^net[./]ipv4[./]ip_forward$/,
  /^net[./]ipv4[./]icmp_echo_ignore_all$/,
  /^net[./]ipv6[./]icmp[./]echo_ignore_all$/,
  /^net\/ipv4\/conf\/(?!\.{1,2}\/)[^/=\s*?[\]{}\\]{1,15}\/(?:arp_ignore|proxy_arp|rp_filter)$/,
  /^net\.bridge\.bridge-nf-call-iptables$/,
  /^net\.netfilter\.nf_conntrack_max$/,
  /^net\.core\.netdev_(?:max_backlog|budget)$/,
  /^net\.ipv[46]\.neigh\.default\.gc_thresh[123]$/,
];

/** The kernel's own range of an int. */
const Value = z.int().min(0).max(2_147_483_647);
const set = (key: string, value: number): Argv => ["sysctl", "-qw", `${key}=${value}`];

/** The interface in the name of a setting, every bridge for what is asked of bridged frames, else the host. */
function placeOf(key: string): Target {
  if (key.startsWith("net.bridge.")) return { all: "bridges" };
  const device = /^net\/ipv4\/conf\/([^/]+)\//.exec(key)?.[1];
  return device === undefined || device === "all" || device === "default" ? { all: "host" } : { device };
}

/** A setting of the running kernel. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("sysctl"),
    key: z
      .string()
      .max(120)
      .refine((key) => settings.some((form) => form.test(key)), "is not among the settings that may be changed"),
    to: Value,
    was: Value,
  }),
  programs: ["sysctl"],
  steps: ({ key, to, was }) => ({ do: set(key, to), undo: set(key, was) }),
  touches: ({ key }) => [{ what: placeOf(key), effect: "opens" }],
  settles: { ms: 10_000, because: { en: "10 s for the setting to show", zh: "10 秒用于参数生效" } },
  example: {
    change: { kind: "sysctl", key: "net/ipv4/conf/eth2.5/rp_filter", to: 2, was: 1 },
    do: "sysctl -qw net/ipv4/conf/eth2.5/rp_filter=2",
    undo: "sysctl -qw net/ipv4/conf/eth2.5/rp_filter=1",
  },
});
