import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { printItem } from "./items";
import { linesOf, partsOf } from "./parts";

/** Who answered when the segment was asked for an address. */
export const ArpOwner = z.object({
  dev: z.string(),
  address: z.string(),
  /** Our own address: whoever answers is a second owner. */
  own: z.boolean(),
  /** Lower case, each once. */
  macs: z.array(z.string()),
});
export type ArpOwner = z.infer<typeof ArpOwner>;

/**
 * One constant text, so that a sudoers line can allow it. Up to eight addresses of our own and eight neighbours heard of lately; each gets two broadcast requests (RFC 5227), all at the
 * same time, two seconds a group. Only on interfaces of Ethernet kind. A line of its own begins each answer, written in one go.
 */
const read = `sh -c 'set -f; ask() { a=\${3%%/*}; r=; case $a in ""|*[!0-9.]*) return ;; esac; case $2 in ""|*/*|-*) return ;; esac; read -r r <"/sys/class/net/$2/type" || return; [ "$r" = 1 ] || return; o=$(arping -b -c 2 -w 2 $4 -I "$2" "$a" 2>/dev/null | grep -i "reply from"); printf "@ %s %s %s\\n%s\\n" "$1" "$2" "$a" "$o"; }; ip -4 -o addr show up scope global | head -n 8 | { while read -r i d f a x; do ask own "$d" "$a" -D & done; wait; }; ip -4 neigh show nud reachable nud stale nud delay nud probe | head -n 8 | { while read -r a i d x; do ask peer "$d" "$a" & done; wait; }; echo "#end"'`;

/**
 * Asks each segment who owns the host's addresses and those of its neighbours. Two owners both answer.
 *
 * Sample (iputils 20221126): `@ peer br0 10.20.0.11`, `Unicast reply from 10.20.0.11 [52:54:00:5B:00:01]  0.812ms`, `Unicast reply from 10.20.0.11 [52:54:00:5B:00:02]  0.945ms`, `#end`
 */
export const probe = defineProbe({
  id: "arp-owners",
  title: { en: "Owners of addresses, asked by ARP", zh: "地址所有者（ARP 探测）" },
  tier: "slow",
  command: "arping -D -c 2 -I INTERFACE ADDRESS",
  script: `need ip; need arping
case $(arping -V 2>&1) in *iputils*) ;; *) exit 127 ;; esac
item owners as_root ${read}; [ "$_s" != 77 ] || exit 77`,
  privilege: "root",
  sudo: [read],
  timeoutMs: 15_000,
  maxBytes: 65_536,
  fact: z.array(ArpOwner),
  parse: (raw) => {
    const lines = linesOf(partsOf(raw, ["owners"])("owners"));
    if (lines.pop() !== "#end") throw new ParseError("arp-owners: output is cut");
    const found: ArpOwner[] = [];
    for (const line of lines) {
      const head = /^@ (own|peer) (\S+) ([0-9.]+)$/.exec(line);
      const reply = /^(?:Unicast|Broadcast) reply from ([0-9.]+) (?:for [0-9.]+ )?\[([0-9A-Fa-f:]{17})\]/.exec(line);
      const last = found.at(-1);
      if (head) found.push({ dev: head[2] ?? "", address: head[3] ?? "", own: head[1] === "own", macs: [] });
      else if (reply && last) {
        const mac = (reply[2] ?? "").toLowerCase();
        if (!last.macs.includes(mac)) last.macs.push(mac);
      } else if (line !== "")
        throw new ParseError(`arp-owners: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
    }
    return found;
  },
  sources: ["https://man7.org/linux/man-pages/man8/arping.8.html", "https://www.rfc-editor.org/rfc/rfc5227"],
  examples: [
    {
      name: "our own address free, a neighbour with two owners",
      stdout: printItem(
        "owners",
        "@ own br0 10.20.0.10\n\n@ peer br0 10.20.0.11\nUnicast reply from 10.20.0.11 [52:54:00:5B:00:01]  0.812ms\nUnicast reply from 10.20.0.11 [52:54:00:5B:00:02]  0.945ms\nUnicast reply from 10.20.0.11 [52:54:00:5B:00:01]  0.700ms\n#end",
      ),
      expect: [
        { dev: "br0", address: "10.20.0.10", own: true, macs: [] },
        { dev: "br0", address: "10.20.0.11", own: false, macs: ["52:54:00:5b:00:01", "52:54:00:5b:00:02"] },
      ],
    },
  ],
});
