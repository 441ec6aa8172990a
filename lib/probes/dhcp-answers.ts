import { z } from "zod";
import { defineProbe } from "./define";
import { type Offer, readOffer } from "./dhcp-frame";
import { printItem } from "./items";
import { segmentsOf } from "./parts";
import { rootScript } from "./root-script";

const DhcpAnswer = z.object({
  /** What it calls itself (option 54); where it does not, where its packet came from. */
  server: z.string(),
  /** Who sent the frame: the server itself, or a relay. */
  mac: z.string(),
  kind: z.enum(["offer", "ack", "nak", "other"]),
  /** What it gives; missing in a refusal. */
  address: z.string().optional(),
  prefix: z.number().optional(),
  /** Gateways that it tells the client; empty: none. */
  routers: z.array(z.string()),
});
export type DhcpAnswer = z.infer<typeof DhcpAnswer>;

/** One bridge, and which DHCP servers spoke there. */
export const DhcpSegment = z.object({
  dev: z.string(),
  /** asked: a Discover of ours went out. unsent: it could not go out. deaf: nothing could be captured. */
  how: z.enum(["asked", "unsent", "deaf"]),
  /** Each server and MAC once, by its first answer. */
  answers: z.array(DhcpAnswer),
});
export type DhcpSegment = z.infer<typeof DhcpSegment>;

/** The host's owner allows the question by making this file. */
export const consentFile = "/etc/taproot/ask-dhcp";

/**
 * One constant text, so that a sudoers line can allow it. Up to four bridges with carrier, all at the same time, for 7 s: one Discover (RFC 2131) from a MAC of its own, with the broadcast
 * flag, never followed by a Request: no lease is taken. dnsmasq pings an address for 3 s before it offers it. It asks for the consent file again: whoever may run it by sudo may not go round that.
 */
const read = rootScript(
  `set -f; [ -e ${consentFile} ] || { echo "#end"; exit; }; ask() { sleep 1; perl -MSocket -e "socket(S,AF_INET,SOCK_DGRAM,17) or exit 1; setsockopt(S,SOL_SOCKET,SO_REUSEADDR,pack(q(i),1)); setsockopt(S,SOL_SOCKET,SO_BROADCAST,pack(q(i),1)) or exit 1; setsockopt(S,SOL_SOCKET,25,shift) or exit 1; bind(S,sockaddr_in(68,INADDR_ANY)); send(S,pack(q(H24x16H12x202H26x47),q(010106005452503100008000),q(025452503101),q(638253633501013703010336ff)),0,sockaddr_in(67,INADDR_BROADCAST)) or exit 1" "$1" 2>/dev/null || echo "!unsent"; }; hear() { timeout -s INT 7 tcpdump -p -n -l -t -q -xx -s 1500 -c 24 -i "$1" "udp src port 67 and udp dst port 68" 2>/dev/null; case $? in 0|124) ;; *) echo "!deaf" ;; esac; }; one() { o=$( ask "$1" & hear "$1"; wait ); printf "@ %s\\n%s\\n" "$1" "$o"; }; n=0; for b in $(cd /sys/class/net && set +f && for p in */bridge; do echo "\${p%/bridge}"; done; timeout 3 ovs-vsctl --timeout=2 list-br 2>/dev/null); do case $b in ""|*/*|-*|"*") continue ;; esac; read -r c 2>/dev/null <"/sys/class/net/$b/carrier" || continue; [ "$c" = 1 ] || continue; [ "$n" -lt 4 ] || break; n=$((n+1)); one "$b" & done; wait; echo "#end"`,
);

const zeros = (bytes: number): string => "00".repeat(bytes);

/** A broadcast as `tcpdump -t -q -xx` prints it, of its bytes after the destination: for examples and tests. */
export function printed(from: string, hex: string): string {
  const all = `ffffffffffff${hex.replaceAll(" ", "")}`;
  const lines = (all.match(/.{1,32}/g) ?? []).map(
    (line, at) => `\t0x${(at * 16).toString(16).padStart(4, "0")}:  ${(line.match(/.{1,4}/g) ?? []).join(" ")}\n`,
  );
  return `IP ${from}.67 > 255.255.255.255.68: UDP, length 300\n${lines.join("")}`;
}

/** `0x0010:  0148 0000 ...` after a line of its own for each packet. */
function framesOf(lines: readonly string[]): Uint8Array[] {
  const frames: number[][] = [];
  for (const line of lines) {
    const hex = /^\t0x[0-9a-f]{4,}: {2}([0-9a-f]{2}[0-9a-f ]*)$/.exec(line.trimEnd())?.[1];
    if (hex === undefined) frames.push([]);
    else for (const byte of hex.replaceAll(" ", "").match(/../g) ?? []) frames.at(-1)?.push(Number.parseInt(byte, 16));
  }
  return frames.filter((frame) => frame.length > 0).map((frame) => Uint8Array.from(frame));
}

function segmentOf(dev: string, lines: readonly string[]): DhcpSegment {
  const answers = new Map<string, Offer>();
  for (const frame of framesOf(lines.filter((line) => line !== "" && !line.startsWith("!")))) {
    const offer = readOffer(frame);
    const key = offer && `${offer.server} ${offer.mac}`;
    if (offer && key && !answers.has(key)) answers.set(key, offer);
  }
  const said = (mark: string) => lines.includes(mark);
  const mode = said("!deaf") ? "deaf" : said("!unsent") ? "unsent" : "asked";
  return { dev, how: mode, answers: [...answers.values()] };
}

/**
 * Which DHCP servers answer on each bridge. It asks only where the host's owner has made the file `/etc/taproot/ask-dhcp`.
 *
 * Sample (tcpdump 4.99), item `segments`: `@ virbr0`, `IP 192.168.122.1.67 > 255.255.255.255.68: UDP, length 300`, `	0x0000:  ffff ffff ffff 5254 0016 9f57 0800 45c0`..., `#end`
 */
export const probe = defineProbe({
  id: "dhcp-answers",
  title: { en: "DHCP servers that answer", zh: "应答的 DHCP 服务器" },
  tier: "slow",
  command: "tcpdump -p -n -e -vv -i BRIDGE 'udp src port 67 and udp dst port 68'",
  script: `if [ -e ${consentFile} ]; then
need tcpdump; need timeout
item segments as_root ${read}; [ "$_s" != 77 ] || exit 77
else item segments echo '#end'; fi`,
  privilege: "root",
  sudo: [read],
  timeoutMs: 25_000,
  maxBytes: 1_048_576,
  fact: z.array(DhcpSegment),
  parse: (raw) => segmentsOf(raw, "segments", "dhcp-answers").map(({ dev, lines }) => segmentOf(dev, lines)),
  sources: [
    "https://www.rfc-editor.org/rfc/rfc2131",
    "https://www.tcpdump.org/manpages/tcpdump.1.html",
    "https://nmap.org/nsedoc/scripts/broadcast-dhcp-discover.html",
  ],
  examples: [
    {
      name: "asked: two servers offer addresses of two subnets",
      stdout: printItem(
        "segments",
        `@ br0\n${printed("192.168.50.1", `5254005b0002 08004500014800000000401186fc c0a83201ffffffff 004300440134b8ac 02010600545250310000800000000000 c0a8329c${zeros(8)}025452503101${zeros(202)}63825363 350102 3604c0a83201 330400000258 0104ffffff00 0304c0a83201 ff${zeros(29)}`)}${printed("10.20.0.1", `5254005b0001 0800450001480000000040116f91 0a140001ffffffff 004300440134b3a7 02010600545250310000800000000000 0a14009c${zeros(8)}025452503101${zeros(202)}63825363 350102 36040a140001 330400000258 0104ffffff00 03040a140001 ff${zeros(29)}`)}#end`,
      ),
      expect: [
        {
          dev: "br0",
          how: "asked",
          answers: [
            {
              server: "192.168.50.1",
              mac: "52:54:00:5b:00:02",
              kind: "offer",
              address: "192.168.50.156",
              prefix: 24,
              routers: ["192.168.50.1"],
            },
            {
              server: "10.20.0.1",
              mac: "52:54:00:5b:00:01",
              kind: "offer",
              address: "10.20.0.156",
              prefix: 24,
              routers: ["10.20.0.1"],
            },
          ],
        },
      ],
    },
    {
      name: "the question could not be sent from one, nothing could be heard on the other",
      stdout: printItem("segments", "@ br0\n!unsent\n@ br1\n!deaf\n#end"),
      expect: [
        { dev: "br0", how: "unsent", answers: [] },
        { dev: "br1", how: "deaf", answers: [] },
      ],
    },
    { name: "no bridge, or not allowed to ask", stdout: printItem("segments", "#end"), expect: [] },
  ],
});
