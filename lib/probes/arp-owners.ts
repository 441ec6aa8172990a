import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { printItem } from "./items";
import { linesOf, partsOf } from "./parts";
import { rootScript } from "./root-script";

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

/** How many addresses of our own are asked about, how many others, and how many at the same time. Two seconds a group: ten in the worst case. */
const own = 32;
const others = 256;
const together = 64;

/**
 * One constant text on one line, so that a sudoers line can allow it. Each address gets two broadcast requests (RFC 5227), on interfaces of Ethernet kind only; a line of its own begins each
 * answer, written in one go. On a bridge without an address of the host the requests come from 0.0.0.0, as those of duplicate address detection do.
 *
 * Whom it asks about, in this order: libvirt's leases; neighbours heard of lately whose MAC is that of a TAP but for its first byte, as libvirt sets them; what guests' agents tell, each on
 * the bridge of its TAP (one virsh for all, four seconds of patience); the other neighbours.
 */
const read = rootScript(
  [
    "set -f;",
    'ask() { case $3 in ""|*[!0-9.]*) return ;; esac; case $2 in ""|*/*|-*|ovs-system) return ;; esac;',
    'r=; read -r r <"/sys/class/net/$2/type" || return; [ "$r" = 1 ] || return;',
    'o=$(arping -b -c 2 -w 2 $4 -I "$2" "$3" 2>/dev/null);',
    '[ $? != 2 ] || [ -n "$4" ] || o=$(arping -b -c 2 -w 2 -s 0.0.0.0 -I "$2" "$3" 2>/dev/null);',
    'o=$(printf "%s\\n" "$o" | grep -i "reply from"); printf "@ %s %s %s\\n%s\\n" "$1" "$2" "$3" "$o"; };',
    // ":54:00:5b:00:01 br0 :54:00:5b:00:02 br0 ": the guests' MACs but for their first byte, and where they are plugged in.
    'taps=$(ip -o link show type tun 2>/dev/null | sed -n "s/.* master \\([^ ]*\\) .* link\\/ether ..\\(:[0-9a-f:]*\\) .*/\\2 \\1/p"); taps="$(echo $taps) ";',
    "heard=$(ip -4 neigh show nud reachable nud stale nud delay nud probe);",
    `leases() { set +f; for f in /var/lib/libvirt/dnsmasq/*.status; do [ -f "$f" ] || continue; b=\${f##*/}; b=\${b%.status};`,
    'sed -n "s/^ *\\"ip-address\\": *\\"\\([0-9.]*\\)\\".*/\\1/p" "$f" | while read -r a; do echo "$b $a"; done; done; set -f; };',
    `guests() { echo "$heard" | while read -r a i d k m x; do case $taps in *"\${m#??} "*) echo "$d $a" ;; esac; done; };`,
    "told() { command -v virsh >/dev/null && command -v timeout >/dev/null || return; q=;",
    "for u in $(timeout 3 virsh -r -q -c qemu:///system list --uuid 2>/dev/null); do",
    'case $u in *[!0-9a-f-]*) continue ;; esac; q="$q;domifaddr $u --source agent"; done; [ -n "$q" ] || return;',
    `timeout 4 virsh -q -c qemu:///system "\${q#;}" 2>/dev/null | sed -n "s/.*\\(:..:..:..:..:..\\)  *ipv4  *\\([0-9.]*\\)\\/.*/\\1 \\2/p" |`,
    `while read -r m a; do case $taps in *"$m "*) b=\${taps#*"$m "}; echo "\${b%% *} $a" ;; esac; done; };`,
    `{ ip -4 -o addr show up scope global | head -n ${own} | while read -r i d f a x; do echo "own $d \${a%%/*}"; done;`,
    '{ leases; guests; told; echo "$heard" | while read -r a i d x; do echo "$d $a"; done; } </dev/null |',
    `awk "!seen[\\$0]++" | head -n ${others} | while read -r d a; do echo "peer $d $a"; done; } |`,
    '{ n=0; while read -r k d a; do case $k in own) ask own "$d" "$a" -D & ;; *) ask peer "$d" "$a" & ;; esac;',
    `n=$((n+1)); [ $((n % ${together})) != 0 ] || wait; done; wait; }; echo "#end"`,
  ].join(" "),
);

/**
 * Asks each segment who owns the host's addresses, those that guests are known by, and those of other neighbours. Two owners both answer.
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
  timeoutMs: 25_000,
  maxBytes: 262_144,
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
