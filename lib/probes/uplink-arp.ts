import { z } from "zod";
import { defineProbe } from "./define";
import { printItem } from "./items";
import { segmentsOf } from "./parts";
import { rootScript } from "./root-script";

/** Who asked for whom on an uplink, and what came back. */
export const UplinkArp = z.object({
  dev: z.string(),
  /** False: nothing could be captured there. */
  heard: z.boolean(),
  /** One of each MAC, sender and target. */
  asks: z.array(
    z.object({ mac: z.string(), sender: z.string(), target: z.string(), times: z.number().int().positive() }),
  ),
  /** Replies that came by: whose address, and to which MAC. */
  replies: z.array(z.object({ address: z.string(), to: z.string() })),
});
export type UplinkArp = z.infer<typeof UplinkArp>;

/** The host's owner allows listening by making this file: it takes six seconds of each slow sweep, and captures. */
export const listenFile = "/etc/taproot/listen-arp";

/**
 * One constant text, so that a sudoers line can allow it; it asks for the file again, so that sudo is no way round it. Up to three ports of bridges that are hardware, a bond or a VLAN, all at the same time, for six seconds: a host that gets no answer
 * asks once a second (mcast_solicit, retrans_time_ms). A port of a bridge is promiscuous anyway; -p adds nothing.
 */
const read = rootScript(
  `[ -e ${listenFile} ] || { echo "#end"; exit; }; n=0; hear() { o=$(timeout -s INT 6 tcpdump -p -n -l -t -e -c 400 -i "$1" arp 2>/dev/null; case $? in 0|124) ;; *) echo "!deaf" ;; esac); printf "@ %s\\n%s\\n" "$1" "$o"; }; for p in /sys/class/net/*; do b=\${p##*/}; case $b in -*) continue ;; esac; [ -e "$p/brport" ] || continue; [ -e "$p/device" ] || [ -e "$p/bonding" ] || [ -e "/proc/net/vlan/$b" ] || continue; read -r c 2>/dev/null <"$p/carrier" || continue; [ "$c" = 1 ] || continue; [ "$n" -lt 3 ] || break; n=$((n+1)); hear "$b" & done; wait; echo "#end"`,
);

const mac = "([0-9a-f]{2}(?::[0-9a-f]{2}){5})";
const ip = "([0-9]{1,3}(?:\\.[0-9]{1,3}){3})";
const head = `^${mac} > ([0-9a-f:]{17}|Broadcast), (?:ethertype )?ARP \\(0x0806\\), length \\d+: `;
const request = new RegExp(`${head}Request who-has ${ip}(?: \\([0-9a-f:]+\\))? tell ${ip}, length \\d+$`);
const reply = new RegExp(`${head}Reply ${ip} is-at ${mac}, length \\d+$`);

/** Frames with a VLAN tag, and whatever else is on the wire, are somebody else's business and passed over. */
function captureOf(dev: string, lines: readonly string[]): UplinkArp {
  const asks = new Map<string, UplinkArp["asks"][number]>();
  const replies = new Map<string, UplinkArp["replies"][number]>();
  for (const line of lines) {
    const asked = request.exec(line);
    const answered = reply.exec(line);
    if (asked) {
      const [, from = "", , target = "", sender = ""] = asked;
      const key = `${from} ${sender} ${target}`;
      asks.set(key, { mac: from, sender, target, times: (asks.get(key)?.times ?? 0) + 1 });
    } else if (answered) {
      const [, , to = "", address = ""] = answered;
      replies.set(`${address} ${to}`, { address, to });
    }
  }
  return { dev, heard: !lines.includes("!deaf"), asks: [...asks.values()], replies: [...replies.values()] };
}

/**
 * ARP on the uplinks of bridges, for a moment: requests of guests that leave, and what comes back. Only where the host's owner has made the file `/etc/taproot/listen-arp`.
 *
 * Sample (tcpdump 4.99), item `uplinks`: `@ bond0`,
 * `52:54:00:5b:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.20.0.1 tell 10.20.0.11, length 28`, `#end`
 */
export const probe = defineProbe({
  id: "uplink-arp",
  title: { en: "ARP on uplinks", zh: "上行链路上的 ARP" },
  tier: "slow",
  command: "tcpdump -p -n -e -i UPLINK arp",
  script: `if [ -e ${listenFile} ]; then
need tcpdump; need timeout
item uplinks as_root ${read}; [ "$_s" != 77 ] || exit 77
else item uplinks echo '#end'; fi`,
  privilege: "root",
  sudo: [read],
  timeoutMs: 20_000,
  maxBytes: 262_144,
  fact: z.array(UplinkArp),
  parse: (raw) => segmentsOf(raw, "uplinks", "uplink-arp").map(({ dev, lines }) => captureOf(dev, lines)),
  sources: [
    "https://www.tcpdump.org/manpages/tcpdump.1.html",
    "https://man7.org/linux/man-pages/man7/arp.7.html",
    "https://www.rfc-editor.org/rfc/rfc826",
  ],
  examples: [
    {
      name: "web-01 asks and hears nothing, web-02 is answered, a tagged one is passed over",
      stdout: printItem(
        "uplinks",
        "@ bond0\n52:54:00:5b:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.20.0.1 tell 10.20.0.11, length 28\n52:54:00:5b:00:02 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.20.0.1 tell 10.20.0.12, length 28\n52:54:00:4c:ff:01 > 52:54:00:5b:00:02, ethertype ARP (0x0806), length 60: Reply 10.20.0.1 is-at 52:54:00:4c:ff:01, length 46\n52:54:00:5b:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 10.20.0.1 tell 10.20.0.11, length 28\n52:54:00:5b:00:03 > ff:ff:ff:ff:ff:ff, ethertype 802.1Q (0x8100), length 46: vlan 10, p 0, ethertype ARP (0x0806), Request who-has 10.20.110.1 tell 10.20.110.11, length 28\n#end",
      ),
      expect: [
        {
          dev: "bond0",
          heard: true,
          asks: [
            { mac: "52:54:00:5b:00:01", sender: "10.20.0.11", target: "10.20.0.1", times: 2 },
            { mac: "52:54:00:5b:00:02", sender: "10.20.0.12", target: "10.20.0.1", times: 1 },
          ],
          replies: [{ address: "10.20.0.1", to: "52:54:00:5b:00:02" }],
        },
      ],
    },
    {
      name: "nothing could be captured",
      stdout: printItem("uplinks", "@ eth0\n!deaf\n#end"),
      expect: [{ dev: "eth0", heard: false, asks: [], replies: [] }],
    },
    { name: "no uplink", stdout: printItem("uplinks", "#end"), expect: [] },
  ],
});
