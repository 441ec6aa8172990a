import type { GraphNode } from "../graph/model";
import type { FactOf } from "../probes/registry";

type Sysctl = FactOf<"sysctl">;
type Entry = Sysctl["interfaces"][number];

const memo = new WeakMap<Sysctl, ReadonlyMap<string, Entry>>();

/** Settings of one interface (or of "all"). Indexed once a reading. */
export function settingsOf(sysctl: Sysctl, ifname: string): Entry | undefined {
  let index = memo.get(sysctl);
  if (!index) {
    index = new Map(sysctl.interfaces.map((entry) => [entry.ifname, entry]));
    memo.set(sysctl, index);
  }
  return index.get(ifname);
}

/** An IPv4 setting as the kernel applies it where the larger of the interface's and of `all`'s counts; undefined where it was not there. */
export function inForce(sysctl: Sysctl, ifname: string, key: keyof Entry["ipv4"]): number | undefined {
  const own = settingsOf(sysctl, ifname)?.ipv4[key];
  if (own === undefined) return undefined;
  return Math.max(own, settingsOf(sysctl, "all")?.ipv4[key] ?? 0);
}

/** The key of a setting as sysctl takes it: a slash stands for a dot, so that an interface may have one in its name. */
export const settingKey = (ifname: string, key: string): string => `net/ipv4/conf/${ifname}/${key}`;

/** IPv4 addresses that somebody gave to this interface of the host's own namespace. */
export function ipv4On(node: GraphNode, addresses: FactOf<"ip-addr">): { local: string; prefixlen: number }[] {
  if (typeof node.attributes.netns === "string") return [];
  const entry = addresses.find((link) => link.ifindex === node.attributes.ifindex);
  return (entry?.addr_info ?? []).filter(
    (one) => one.family === "inet" && one.scope !== "host" && one.scope !== "link",
  );
}
