import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { later } from "./delays";
import { conform, endedLines, whole } from "./parts";

/** Settings of the whole host, by their sysctl names. One that this kernel does not have (module not loaded) is missing. */
const globals = [
  "net.ipv4.ip_forward",
  "net.ipv4.icmp_echo_ignore_all",
  "net.ipv4.icmp_echo_ignore_broadcasts",
  "net.ipv4.ip_nonlocal_bind",
  "net.ipv4.neigh.default.gc_thresh1",
  "net.ipv4.neigh.default.gc_thresh2",
  "net.ipv4.neigh.default.gc_thresh3",
  "net.ipv6.neigh.default.gc_thresh1",
  "net.ipv6.neigh.default.gc_thresh2",
  "net.ipv6.neigh.default.gc_thresh3",
  "net.ipv6.conf.all.forwarding",
  "net.ipv6.icmp.echo_ignore_all",
  "net.bridge.bridge-nf-call-iptables",
  "net.bridge.bridge-nf-call-ip6tables",
  "net.bridge.bridge-nf-call-arptables",
  "net.bridge.bridge-nf-filter-vlan-tagged",
  "net.bridge.bridge-nf-pass-vlan-input-dev",
  "net.netfilter.nf_conntrack_max",
  "net.netfilter.nf_conntrack_buckets",
  "net.core.netdev_max_backlog",
  "net.core.netdev_budget",
  "net.core.netdev_budget_usecs",
  "net.core.dev_weight",
  "vm.swappiness",
] as const;
const perLink4 = [
  "rp_filter",
  "arp_ignore",
  "arp_announce",
  "arp_filter",
  "arp_accept",
  "proxy_arp",
  "proxy_arp_pvlan",
  "accept_local",
  "forwarding",
  "log_martians",
  "route_localnet",
] as const;
const perLink6 = ["disable_ipv6", "forwarding", "accept_ra", "accept_dad", "proxy_ndp", "mtu"] as const;

const all = <const K extends readonly string[]>(keys: K) =>
  z.object(
    Object.fromEntries(keys.map((key) => [key, z.number().optional()])) as Record<
      K[number],
      z.ZodOptional<z.ZodNumber>
    >,
  );

export const Sysctl = z.object({
  values: all(globals),
  /** `all` and `default` stand among the interfaces, as in /proc/sys. rp_filter in force is the larger of the interface's and of `all`'s. */
  interfaces: z.array(z.object({ ifname: z.string(), ipv4: all(perLink4), ipv6: all(perLink6) })),
});
export type Sysctl = z.infer<typeof Sysctl>;

const pathOf = (name: string) => `/proc/sys/${name.replaceAll(".", "/")}`;
const globalByPath = new Map<string, string>(globals.map((name) => [pathOf(name), name]));
const paths = [
  ...globalByPath.keys(),
  ...perLink4.map((key) => `/proc/sys/net/ipv4/conf/*/${key}`),
  ...perLink6.map((key) => `/proc/sys/net/ipv6/conf/*/${key}`),
];
const known = { ipv4: new Set<string>(perLink4), ipv6: new Set<string>(perLink6) };

/**
 * Kernel settings that decide on forwarding, ARP, reverse path filtering, bridged netfilter and table sizes.
 *
 * Sample: `/proc/sys/net/ipv4/ip_forward:1`, `/proc/sys/net/ipv4/conf/br0/rp_filter:2`, `/proc/sys/net/ipv6/conf/br0/disable_ipv6:0`, `#end`
 */
export const probe = defineProbe({
  id: "sysctl",
  title: { en: "Kernel network settings", zh: "内核网络参数" },
  tier: "slow",
  rereadOn: { "virsh-event:lifecycle": later },
  command: "sysctl -a 2>/dev/null | grep -E 'net\\.(ipv4|ipv6|bridge|netfilter|core)'",
  // Paths may be more than one command line takes: xargs. Missing files are left out by grep -s; `#end` proves that the script came to its end.
  script: `[ -d /proc/sys/net ] || exit 127
printf '%s\\0' ${paths.join(" ")} | xargs -0 grep -asH .
echo '#end'`,
  privilege: "none",
  timeoutMs: 8_000,
  maxBytes: 16_777_216,
  fact: Sysctl,
  parse: (raw) => {
    const values: Record<string, number> = {};
    const links = new Map<string, { ipv4: Map<string, number>; ipv6: Map<string, number> }>();
    for (const line of endedLines(raw)) {
      const link = /^\/proc\/sys\/net\/(ipv4|ipv6)\/conf\/([^/]+)\/([a-z0-9_]+):(.*)$/s.exec(line);
      const colon = line.lastIndexOf(":");
      const name = globalByPath.get(line.slice(0, colon));
      if (name !== undefined) values[name] = whole(line.slice(colon + 1), name);
      else if (link) {
        const family = link[1] === "ipv6" ? "ipv6" : "ipv4";
        const [, , ifname = "", key = "", value] = link;
        if (!known[family].has(key)) throw new ParseError(`sysctl: unexpected key ${key}`);
        const entry = links.get(ifname) ?? { ipv4: new Map(), ipv6: new Map() };
        links.set(ifname, entry);
        entry[family].set(key, whole(value, key));
      } else throw new ParseError(`sysctl: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
    }
    return conform(Sysctl, {
      values,
      interfaces: [...links].map(([ifname, { ipv4, ipv6 }]) => ({
        ifname,
        ipv4: Object.fromEntries(ipv4),
        ipv6: Object.fromEntries(ipv6),
      })),
    });
  },
  sources: ["https://docs.kernel.org/networking/ip-sysctl.html", "https://docs.kernel.org/admin-guide/sysctl/net.html"],
  examples: [
    {
      name: "a router with one bridge",
      stdout: `/proc/sys/net/ipv4/ip_forward:1
/proc/sys/net/bridge/bridge-nf-call-iptables:0
/proc/sys/net/ipv4/conf/all/rp_filter:0
/proc/sys/net/ipv4/conf/br0/rp_filter:2
/proc/sys/net/ipv6/conf/br0/disable_ipv6:0
#end
`,
      expect: {
        values: { "net.ipv4.ip_forward": 1, "net.bridge.bridge-nf-call-iptables": 0 },
        interfaces: [
          { ifname: "all", ipv4: { rp_filter: 0 }, ipv6: {} },
          { ifname: "br0", ipv4: { rp_filter: 2 }, ipv6: { disable_ipv6: 0 } },
        ],
      },
    },
  ],
});
