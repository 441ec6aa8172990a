import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { later } from "./delays";
import { printItem } from "./items";
import { linesOf, partsOf, whole } from "./parts";

/** A socket that is shared by all workers of a server names each of them. */
const usersMost = 65_536;

/** A socket that waits for packets or connections. */
export const Listener = z.object({
  protocol: z.enum(["udp", "tcp"]),
  address: z.string(),
  /** Interface that it is bound to, e.g. virbr0 for libvirt's dnsmasq. */
  ifname: z.string().optional(),
  port: z.number(),
  /** Missing without root. */
  processes: z.array(z.object({ name: z.string(), pid: z.number() })).optional(),
});
export type Listener = z.infer<typeof Listener>;

const read = "ss -Hlntup";

/**
 * Listening sockets: who serves DHCP (UDP 67), DNS (53) and SSH here.
 *
 * Sample (iproute2 6.1): `udp   UNCONN 0      0      0.0.0.0%virbr0:67        0.0.0.0:*    users:(("dnsmasq",pid=925,fd=3))`
 */
export const probe = defineProbe({
  id: "sockets",
  title: { en: "Listening sockets", zh: "监听端口" },
  tier: "slow",
  rereadOn: { "virsh-event:lifecycle": later },
  command: read,
  script: `need ss; item sockets try_root ${read}`,
  privilege: "partial",
  sudo: [read],
  timeoutMs: 8_000,
  maxBytes: 2_097_152,
  fact: z.array(Listener),
  parse: (raw) =>
    linesOf(partsOf(raw, ["sockets"])("sockets"), usersMost)
      .filter((line) => line !== "")
      .map((line) => {
        const match = /^(udp|tcp) +\S+ +\d+ +\d+ +(\S+):(\d+) +\S+:\S+ *(?:users:\((.*)\))?.*$/.exec(line);
        const [, protocol, place = "", port, users] = match ?? [];
        if (!match) throw new ParseError(`ss: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
        const percent = place.lastIndexOf("%");
        return {
          protocol: protocol === "tcp" ? ("tcp" as const) : ("udp" as const),
          address: (percent < 0 ? place : place.slice(0, percent)).replace(/^\[(.*)\]$/, "$1"),
          ifname: percent < 0 ? undefined : place.slice(percent + 1).replace(/\]$/, ""),
          port: whole(port, "port"),
          processes:
            users === undefined
              ? undefined
              : [...users.matchAll(/\("((?:[^"\\]|\\.)*)",pid=(\d+)/g)].map((user) => ({
                  name: user[1] ?? "",
                  pid: Number(user[2]),
                })),
        };
      }),
  sources: ["https://man7.org/linux/man-pages/man8/ss.8.html"],
  examples: [
    {
      name: "libvirt's dnsmasq and an IPv6 listener, seen without root",
      stdout: printItem(
        "sockets",
        'udp   UNCONN 0      0      0.0.0.0%virbr0:67        0.0.0.0:*    users:(("dnsmasq",pid=925,fd=3))\ntcp   LISTEN 0      128             [::]:22           [::]:*\n',
      ),
      expect: [
        {
          protocol: "udp",
          address: "0.0.0.0",
          ifname: "virbr0",
          port: 67,
          processes: [{ name: "dnsmasq", pid: 925 }],
        },
        { protocol: "tcp", address: "::", port: 22 },
      ],
    },
  ],
});
