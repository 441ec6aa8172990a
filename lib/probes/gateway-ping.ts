import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { hostText, type Item, parseItems, printItem } from "./items";
import { whole } from "./parts";

const Echo = z.object({ sent: z.number(), received: z.number() });

/** How one gateway of a default route answered. */
export const GatewayPing = z.object({
  address: z.string(),
  dev: z.string(),
  /** Small packets, before and after the large ones. */
  small: Echo,
  /** As large as the interface's MTU, not to be fragmented. Missing where the local end refuses that size (it knows a smaller path MTU), or ping has no such option. */
  large: Echo.extend({ bytes: z.number() }).optional(),
  /** Where small ones came back and the large did not: each smaller size tried, not to be fragmented, largest first, up to the first that passed. */
  sizes: z.array(z.object({ bytes: z.number(), passed: z.boolean() })).optional(),
  /** State of the neighbour entry right after: REACHABLE, FAILED...; missing where there is no entry. */
  neighbour: z.string().optional(),
  /** Average round trip of the first small ones, ms. */
  ms: z.number().optional(),
});
export type GatewayPing = z.infer<typeof GatewayPing>;

const names = ["gateway", "small", "large", "again", "neigh"] as const;

/** `ping` says nothing of counts where it could not even begin (no route, network unreachable): none of its two packets came back. */
function echo(text: string): z.output<typeof Echo> {
  const match = /(?<!\d)(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(text);
  if (!match) return { sent: 2, received: 0 };
  return { sent: whole(match[1], "sent"), received: whole(match[2], "received") };
}

function readGateway(items: readonly Item[]): GatewayPing {
  const text = (at: number): string => {
    const item = items[at];
    if (!item || item.name !== names[at]) throw new ParseError(`gateway-ping: part ${names[at] ?? at} is missing`);
    return hostText(item.bytes);
  };
  const [address, dev, mtu] = text(0).split(" ");
  if (!address || !dev) throw new ParseError("gateway-ping: no gateway");
  const [first, large, again] = [text(1), text(2), text(3)];
  const [before, after] = [echo(first), echo(again)];
  const asked = /packets transmitted/.test(large) && !/message too long|Frag needed|too big/i.test(large);
  const sizes = items[names.length];
  const times = /= [\d.]+\/([\d.]+)\//.exec(first);
  return {
    address,
    dev,
    small: { sent: before.sent + after.sent, received: before.received + after.received },
    large: asked ? { ...echo(large), bytes: Math.min(whole(mtu, "mtu"), 9000) } : undefined,
    sizes: sizes && readSizes(sizes),
    neighbour: /\b(REACHABLE|STALE|DELAY|PROBE|INCOMPLETE|FAILED|PERMANENT|NOARP)\b/.exec(text(4))?.[1],
    ms: times ? Number(times[1]) : undefined,
  };
}

/** `1450 1` a line: bytes, and whether they came back. */
function readSizes(item: Item): GatewayPing["sizes"] {
  const lines = hostText(item.bytes)
    .split("\n")
    .filter((line) => line !== "");
  if (item.name !== "sizes")
    throw new ParseError(`gateway-ping: unknown part ${JSON.stringify(item.name.slice(0, 40))}`);
  if (lines.length === 0) return undefined;
  return lines.map((line) => {
    const match = /^(\d{1,5}) ([01])$/.exec(line);
    if (!match) throw new ParseError(`gateway-ping: cannot read the size ${JSON.stringify(line.slice(0, 40))}`);
    return { bytes: whole(match[1], "bytes"), passed: match[2] === "1" };
  });
}

/**
 * Does the next hop of each IPv4 default route answer, and does it answer packets of full size? At most two gateways, each four small and two large pings, one second of patience a
 * packet. Only where the large ones alone are lost are smaller sizes tried, one packet each, until one passes: those of jumbo frames, Ethernet, PPPoE, VXLAN, VPNs, and the least of IPv6 and IPv4. The addresses come from the host's own routing table, within the script.
 *
 * Sample (iputils 20221126), items: gateway `10.20.0.1 br0 1500`; small `2 packets transmitted, 2 received, 0% packet loss, time 201ms`; large; again;
 * neigh `10.20.0.1 lladdr 52:54:00:4c:ff:01 REACHABLE`
 */
export const probe = defineProbe({
  id: "gateway-ping",
  title: { en: "Gateways, asked", zh: "网关可达性探测" },
  tier: "slow",
  command: "ping -n -c 2 GATEWAY; ping -n -c 2 -M do -s MTU-28 GATEWAY; ip neigh show to GATEWAY",
  script: `need ip; need ping
g=$(ip -4 -o route show default) || exit 127
p() { ping -n -q -W 1 -c 2 -i 0.3 "$@" 2>&1; }
fits() {
  case $l in *"too long"*|*"Frag needed"*|*"too big"*) return ;; *" 0 received"*|*" 0 packets received"*) ;; *) return ;; esac
  case $f in *" 0 received"*|*" 0 packets received"*) return ;; *received*) ;; *) return ;; esac
  for b in 8000 4000 1500 1492 1450 1400 1280 576; do
    [ "$b" -lt "$m" ] || continue
    case $(ping -n -q -W 1 -c 1 -M do -s $((b-28)) "$a" 2>&1) in *" 1 received"*|*" 1 packets received"*) echo "$b 1"; return ;; esac
    echo "$b 0"
  done
}
n=0; seen=' '; set -f
while read -r line; do
  a=; d=; set -- $line
  while [ $# -gt 1 ]; do case $1 in via) a=$2 ;; dev) d=$2 ;; esac; shift; done
  case $a in ''|*[!0-9.]*) continue ;; esac
  case $d in ''|*/*|-*) continue ;; esac
  case $seen in *" $a@$d "*) continue ;; esac
  [ "$n" -lt 2 ] || continue
  m=; read -r m <"/sys/class/net/$d/mtu" || continue
  n=$((n+1)); seen="$seen$a@$d "
  s=$((m-28)); [ "$s" -le 8972 ] || s=8972
  item gateway printf '%s %s %s' "$a" "$d" "$m"
  item small p "$a"; f=$_o
  item large p -M do -s "$s" "$a"; l=$_o
  item again p "$a"
  item neigh ip -4 neigh show to "$a" dev "$d"
  item sizes fits
done <<END
$g
END
item end :`,
  privilege: "none",
  timeoutMs: 30_000,
  maxBytes: 65_536,
  fact: z.array(GatewayPing),
  parse: (raw) => {
    const items = parseItems(raw.stdout);
    const end = items.pop();
    const starts = items.flatMap((item, at) => (item.name === "gateway" ? [at] : []));
    if (end?.name !== "end" || end.bytes.length > 0 || (items.length > 0 && starts[0] !== 0))
      throw new ParseError("gateway-ping: output is cut");
    return starts.map((from, at) => {
      const part = items.slice(from, starts[at + 1]);
      // What was recorded before sizes were tried has no such part.
      if (part.length > names.length + 1) throw new ParseError("gateway-ping: too many parts");
      return readGateway(part);
    });
  },
  sources: [
    "https://man7.org/linux/man-pages/man8/ping.8.html",
    "https://man7.org/linux/man-pages/man8/ip-neighbour.8.html",
  ],
  examples: [
    {
      name: "a gateway that answers, small and large",
      stdout:
        printItem("gateway", "10.20.0.1 br0 1500") +
        printItem(
          "small",
          "PING 10.20.0.1 (10.20.0.1) 56(84) bytes of data.\n\n--- 10.20.0.1 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 306ms\nrtt min/avg/max/mdev = 0.412/0.520/0.628/0.108 ms",
        ) +
        printItem(
          "large",
          "PING 10.20.0.1 (10.20.0.1) 1472(1500) bytes of data.\n\n--- 10.20.0.1 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 301ms\nrtt min/avg/max/mdev = 0.512/0.620/0.728/0.108 ms",
        ) +
        printItem(
          "again",
          "--- 10.20.0.1 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 301ms",
        ) +
        printItem("neigh", "10.20.0.1 lladdr 52:54:00:4c:ff:01 REACHABLE") +
        printItem("end", ""),
      expect: [
        {
          address: "10.20.0.1",
          dev: "br0",
          small: { sent: 4, received: 4 },
          large: { sent: 2, received: 2, bytes: 1500 },
          neighbour: "REACHABLE",
          ms: 0.52,
        },
      ],
    },
    {
      name: "one that does not answer; the host knows a smaller path MTU",
      stdout:
        printItem("gateway", "192.0.2.1 eth0 1500") +
        printItem(
          "small",
          "--- 192.0.2.1 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 301ms",
          1,
        ) +
        printItem(
          "large",
          "ping: local error: message too long, mtu=1400\n\n--- 192.0.2.1 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 301ms",
          1,
        ) +
        printItem("again", "ping: connect: Network is unreachable", 2) +
        printItem("neigh", "192.0.2.1 FAILED") +
        printItem("end", ""),
      expect: [{ address: "192.0.2.1", dev: "eth0", small: { sent: 4, received: 0 }, neighbour: "FAILED" }],
    },
    {
      name: "jumbo frames that a switch port does not take",
      stdout:
        printItem("gateway", "10.20.0.1 br0 9000") +
        printItem("small", "2 packets transmitted, 2 received, 0% packet loss, time 306ms") +
        printItem("large", "2 packets transmitted, 0 received, 100% packet loss, time 306ms", 1) +
        printItem("again", "2 packets transmitted, 2 received, 0% packet loss, time 301ms") +
        printItem("neigh", "10.20.0.1 lladdr 52:54:00:4c:ff:01 REACHABLE") +
        printItem("sizes", "8000 0\n4000 0\n1500 1") +
        printItem("end", ""),
      expect: [
        {
          address: "10.20.0.1",
          dev: "br0",
          small: { sent: 4, received: 4 },
          large: { sent: 2, received: 0, bytes: 9000 },
          sizes: [
            { bytes: 8000, passed: false },
            { bytes: 4000, passed: false },
            { bytes: 1500, passed: true },
          ],
          neighbour: "REACHABLE",
        },
      ],
    },
    { name: "no default route", stdout: printItem("end", ""), expect: [] },
  ],
});
