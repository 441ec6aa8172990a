import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { looseJson, parseIpJson } from "./ip-json";
import { Link, LinkAddresses, linkVolatile } from "./iproute";
import { bytesOf, hostText, type Item, latin1, parseItems, printItem } from "./items";
import { conform } from "./parts";
import { rootCommand, rootScript } from "./root-script";

/** One network namespace other than the host's own. */
export const Netns = z.object({
  /** Name under /run/netns; one without a name (a container's) is called `unnamed-<inode>`. */
  name: z.string(),
  named: z.boolean(),
  /** Number by which links of the host's own namespace point into it (link_netnsid). */
  nsid: z.number().optional(),
  /** A process that lives in it; only of unnamed ones. */
  pid: z.number().optional(),
  command: z.string().optional(),
  /** Missing without root. */
  links: z.array(Link).optional(),
  addresses: z.array(LinkAddresses).optional(),
});
export type Netns = z.infer<typeof Netns>;

const named = {
  links: rootCommand("ip -all netns exec ip -d -j link show"),
  addresses: rootCommand("ip -all netns exec ip -j addr show"),
} as const;

/*
 * Namespaces without a name: one process each by lsns, entered with nsenter. At most 200, one line of frame and one of JSON each (`@ inode pid netnsid command`). It is one
 * constant text so that a sudoers line can allow it as it stands.
 */
const unnamed = rootScript(
  'lsns -t net -n -r -o NS,PID,NETNSID,NSFS,COMMAND 2>/dev/null | head -n 200 | while read -r n p i f c; do case $f in /*) continue ;; esac; [ "$(readlink /proc/$p/ns/net)" != "$(readlink /proc/self/ns/net)" ] || continue; echo "@ $n $p $i $f"; echo "$(nsenter -t $p -n ip -d -j link show)"; echo "$(nsenter -t $p -n ip -j addr show)"; done',
);

const Names = z.array(z.object({ name: z.string(), id: z.number().optional() }));

/** Output of `ip -all netns exec`: a blank line, `netns: NAME`, then one line of JSON. */
function byNamespace<S extends z.ZodType>(item: Item | undefined, entry: S): Map<string, z.output<S>[]> | undefined {
  if (item === undefined || item.exit === 77) return undefined;
  if (item.exit !== 0) throw new ParseError(`${item.name} ended with exit ${item.exit}`);
  const found = new Map<string, z.output<S>[]>();
  let name: string | undefined;
  for (const line of latin1(item.bytes).split("\n")) {
    if (line.startsWith("netns: ")) {
      name = hostText(bytesOf(line.slice("netns: ".length)));
      found.set(name, []);
    } else if (line !== "") {
      if (name === undefined) throw new ParseError(`${item.name}: output before the first namespace`);
      found.set(name, parseIpJson({ stdout: bytesOf(line), exit: 0 }, entry));
    }
  }
  return found;
}

function unnamedOf(item: Item): Netns[] {
  if (item.exit === 77) return [];
  const lines = latin1(item.bytes).split("\n");
  const found: Netns[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line === undefined || line.trim() === "") {
      at++;
      continue;
    }
    const head = /^@ (\d+) (\d+) (\d+|unassigned) ?(\S*)/.exec(line);
    if (!head) throw new ParseError("a namespace without its head");
    const parse = <S extends z.ZodType>(text: string | undefined, entry: S) =>
      text === undefined || text === "" ? undefined : parseIpJson({ stdout: bytesOf(text), exit: 0 }, entry);
    found.push({
      name: `unnamed-${head[1]}`,
      named: false,
      nsid: head[3] === "unassigned" ? undefined : Number(head[3]),
      pid: Number(head[2]),
      command: head[4] === "" ? undefined : head[4],
      links: parse(lines[at + 1], Link),
      addresses: parse(lines[at + 2], LinkAddresses),
    });
    at += 3;
  }
  return found;
}

/**
 * Other network namespaces on the host, with their interfaces and addresses. Without root only the names are known.
 *
 * Sample (iproute2 6.1), item `names`: `[{"name":"blue","id":0}]`; item `links`: an empty line, `netns: blue`, `[{"ifindex":1,"ifname":"lo",...}]`
 */
export const probe = defineProbe({
  id: "netns",
  title: { en: "Network namespaces", zh: "网络命名空间" },
  tier: "slow",
  volatile: [...linkVolatile, "valid_life_time", "preferred_life_time"],
  command: "ip netns list; ip -all netns exec ip -d -j link show; lsns -t net",
  // Whoever logs in to a namespace (a container, a test host) sees the names of its siblings: they are not below it, so the list is empty there.
  script: `need ip
if i=$(readlink /proc/1/ns/net 2>/dev/null) && [ "$i" != "$(readlink /proc/self/ns/net)" ]; then item names echo '[]'; item unnamed :; exit 0; fi
item names ip -j netns list; iproute2_or_absent ip
item links as_root ${named.links}
item addresses as_root ${named.addresses}
item unnamed as_root ${unnamed}`,
  privilege: "partial",
  sudo: [named.links, named.addresses, unnamed],
  timeoutMs: 20_000,
  maxBytes: 33_554_432,
  fact: z.array(Netns),
  parse: (raw) => {
    const items = new Map(parseItems(raw.stdout).map((item) => [item.name, item]));
    const names = items.get("names");
    const rest = items.get("unnamed");
    if (names === undefined || names.exit !== 0 || rest === undefined) throw new ParseError("a part is missing");
    const links = byNamespace(items.get("links"), Link);
    const addresses = byNamespace(items.get("addresses"), LinkAddresses);
    const list = conform(Names, looseJson({ stdout: names.bytes, exit: 0 }));
    return [
      ...list.map(({ name, id }) => ({
        name,
        named: true,
        nsid: id,
        links: links?.get(name),
        addresses: addresses?.get(name),
      })),
      ...unnamedOf(rest),
    ];
  },
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-netns.8.html",
    "https://man7.org/linux/man-pages/man8/lsns.8.html",
  ],
  examples: [
    {
      name: "one named namespace",
      stdout:
        printItem("names", '[{"name":"blue","id":0}]') +
        printItem(
          "links",
          '\nnetns: blue\n[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536,"qdisc":"noop","operstate":"DOWN","linkmode":"DEFAULT","group":"default","txqlen":1000,"link_type":"loopback","address":"00:00:00:00:00:00","broadcast":"00:00:00:00:00:00"}]\n',
        ) +
        printItem(
          "addresses",
          '\nnetns: blue\n[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536,"qdisc":"noop","operstate":"DOWN","group":"default","txqlen":1000,"link_type":"loopback","address":"00:00:00:00:00:00","broadcast":"00:00:00:00:00:00","addr_info":[]}]\n',
        ) +
        printItem(
          "unnamed",
          '@ 4026532323 14073 unassigned sleep\\x20600\n[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536,"operstate":"DOWN","link_type":"loopback"}]\n\n',
        ),
      expect: [
        {
          name: "blue",
          named: true,
          nsid: 0,
          links: [
            {
              ifindex: 1,
              ifname: "lo",
              flags: ["LOOPBACK"],
              mtu: 65536,
              qdisc: "noop",
              operstate: "DOWN",
              txqlen: 1000,
              link_type: "loopback",
              address: "00:00:00:00:00:00",
              broadcast: "00:00:00:00:00:00",
            },
          ],
          addresses: [{ ifindex: 1, ifname: "lo", addr_info: [] }],
        },
        {
          name: "unnamed-4026532323",
          named: false,
          pid: 14073,
          command: "sleep\\x20600",
          links: [
            {
              ifindex: 1,
              ifname: "lo",
              flags: ["LOOPBACK"],
              mtu: 65536,
              operstate: "DOWN",
              link_type: "loopback",
            },
          ],
        },
      ],
    },
    {
      name: "without root",
      stdout:
        printItem("names", '[{"name":"blue"}]') +
        printItem("links", "", 77) +
        printItem("addresses", "", 77) +
        printItem("unnamed", "", 77),
      expect: [{ name: "blue", named: true }],
    },
  ],
});
