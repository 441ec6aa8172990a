import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { hostText, parseItems, printItem } from "./items";
import { uuids, virshShell } from "./libvirt";
import { lastWords, linesOf } from "./parts";

/** An address of a guest, and who says so. */
export const GuestAddress = z.object({
  /** lease: libvirt's own DHCP. arp: the host's neighbour table. */
  source: z.enum(["lease", "arp", "agent"]),
  /** Known for agent only: the other two name the TAP. */
  uuid: z.string().optional(),
  /** TAP on the host; for agent, the guest's own name of the interface (text of the guest). */
  ifname: z.string(),
  mac: z.string().optional(),
  family: z.enum(["ipv4", "ipv6"]),
  address: z.string(),
  /** 0 where the source knows none (arp). */
  prefix: z.number(),
});
export type GuestAddress = z.infer<typeof GuestAddress>;

export const GuestAddresses = z.object({
  addresses: z.array(GuestAddress),
  /** Guests whose agent did not tell, and why: not configured, not running, no right to ask, or an answer that cannot be read. */
  agents: z.array(z.object({ uuid: z.string(), answered: z.boolean(), reason: z.string().optional() })),
});
export type GuestAddresses = z.infer<typeof GuestAddresses>;

/** ` vnet0      52:54:00:5b:00:01    ipv4         10.20.0.11/0`. An interface without address has N/A in the last two columns. */
function readLine(line: string, source: GuestAddress["source"], uuid?: string): GuestAddress | undefined {
  // From the right: the name is text of the guest, and may hold blanks without end.
  const [left, word, family = "", place = ""] = lastWords(line, 3);
  const ifname = left.startsWith(" ") ? left.slice(1) : left;
  const mac = /^(?:[0-9a-f]{2}(?::[0-9a-f]{2})+|N\/A|-)$/i.exec(word ?? "")?.[0];
  if (!/^\S/.test(ifname) || mac === undefined || !/^(?:ipv4|ipv6|N\/A)$/i.test(family) || place === "")
    throw new ParseError(`domifaddr: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
  const address = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(place);
  if ((family !== "ipv4" && family !== "ipv6") || !address) return undefined;
  return {
    source,
    uuid,
    ifname,
    mac: mac.includes(":") ? mac.toLowerCase() : undefined,
    family,
    address: address[1] ?? "",
    prefix: Number(address[2]),
  };
}

const readLines = (lines: readonly string[], source: GuestAddress["source"], uuid?: string): GuestAddress[] =>
  lines.filter((line) => line.trim() !== "").flatMap((line) => readLine(line, source, uuid) ?? []);

/** Why the agent was not heard, from virsh's own message (not the guest's). */
function silence(message: string): string {
  if (/not configured/.test(message)) return "no agent configured";
  if (/not connected|not available/.test(message)) return "no agent connected";
  if (/ermission|uthenti|denied|polkit|failed to connect/.test(message)) return "no right to ask the agent";
  return "the agent does not answer";
}

/**
 * Addresses of running guests by lease, by the host's ARP table and by the guest agent. The first two take one virsh call for all guests; the agent is
 * asked guest by guest, for at most 5 s, and needs the right to change domains (root, or the group libvirt).
 *
 * Sample (libvirt 9.0, -q --full), item `arp`: ` vnet0      52:54:00:5b:00:01    ipv4         10.20.0.11/0`;
 * item `agent:5b00...`: ` lo         00:00:00:00:00:00    ipv4         127.0.0.1/8`, ` eth0       52:54:00:5b:00:01    ipv4         10.20.0.11/24`
 */
export const probe = defineProbe({
  id: "libvirt-ifaddr",
  title: { en: "Addresses of guests", zh: "虚拟机地址" },
  tier: "slow",
  command: "virsh domifaddr DOMAIN --source lease|arp|agent --full",
  script: `${virshShell}first list --uuid
a=; b=; for u in $l; do case $u in *[!0-9a-f-]*) exit 1 ;; esac
a="$a;domifaddr $u --source lease --full"; b="$b;domifaddr $u --source arp --full"; done
item uuids echo "$l"
lenient() { v "$1" 2>/dev/null; :; }
if [ -n "$a" ]; then item lease lenient "\${a#;}"; item arp lenient "\${b#;}"; else item lease :; item arp :; fi
t=; if command -v timeout >/dev/null 2>&1; then t='timeout 5'; fi
r=; if [ "$TP_ROOT" = sudo ]; then r=try_root; fi
agent() { $r $t virsh -q -c qemu:///system domifaddr "$1" --source agent --full 2>&1; }
for u in $l; do item "agent:$u" agent "$u"; done`,
  privilege: "partial",
  timeoutMs: 60_000,
  maxBytes: 8_388_608,
  fact: GuestAddresses,
  parse: (raw) => {
    const items = new Map(parseItems(raw.stdout).map((item) => [item.name, item]));
    const get = (name: string) => {
      const item = items.get(name);
      if (!item) throw new ParseError(`part ${name} is missing`);
      return item;
    };
    const addresses: GuestAddress[] = [
      ...readLines(linesOf(get("lease")), "lease"),
      ...readLines(linesOf(get("arp")), "arp"),
    ];
    const agents = uuids(linesOf(get("uuids"))).map((uuid) => {
      const item = get(`agent:${uuid}`);
      if (item.exit !== 0) return { uuid, answered: false, reason: silence(hostText(item.bytes)) };
      try {
        addresses.push(...readLines(linesOf(item), "agent", uuid));
      } catch (error) {
        // What an agent says is text of the guest: one guest that prints nonsense must not hide the addresses of the others.
        if (!(error instanceof ParseError)) throw error;
        return { uuid, answered: false, reason: "the agent's answer cannot be read" };
      }
      return { uuid, answered: true };
    });
    return { addresses, agents };
  },
  sources: ["https://www.libvirt.org/manpages/virsh.html#domifaddr"],
  examples: [
    {
      name: "one guest known by ARP and by its agent, one whose agent prints nonsense",
      stdout:
        printItem(
          "uuids",
          "5b000000-0000-4000-8000-000000000001\n5b000000-0000-4000-8000-000000000002\n5b000000-0000-4000-8000-000000000003",
        ) +
        printItem("lease", "") +
        printItem("arp", " vnet0      52:54:00:5b:00:01    ipv4         10.20.0.11/0\n") +
        printItem(
          "agent:5b000000-0000-4000-8000-000000000001",
          " lo         00:00:00:00:00:00    ipv4         127.0.0.1/8\n Local Area 2 52:54:00:5b:00:01  ipv4         10.20.0.11/24\n tun0       N/A                  N/A          N/A\n",
        ) +
        printItem("agent:5b000000-0000-4000-8000-000000000002", " x\n") +
        printItem(
          "agent:5b000000-0000-4000-8000-000000000003",
          "error: Failed to query for interfaces addresses\nerror: argument unsupported: QEMU guest agent is not configured\n",
          1,
        ),
      expect: {
        addresses: [
          {
            source: "arp",
            ifname: "vnet0",
            mac: "52:54:00:5b:00:01",
            family: "ipv4",
            address: "10.20.0.11",
            prefix: 0,
          },
          {
            source: "agent",
            uuid: "5b000000-0000-4000-8000-000000000001",
            ifname: "lo",
            mac: "00:00:00:00:00:00",
            family: "ipv4",
            address: "127.0.0.1",
            prefix: 8,
          },
          {
            source: "agent",
            uuid: "5b000000-0000-4000-8000-000000000001",
            ifname: "Local Area 2",
            mac: "52:54:00:5b:00:01",
            family: "ipv4",
            address: "10.20.0.11",
            prefix: 24,
          },
        ],
        agents: [
          { uuid: "5b000000-0000-4000-8000-000000000001", answered: true },
          {
            uuid: "5b000000-0000-4000-8000-000000000002",
            answered: false,
            reason: "the agent's answer cannot be read",
          },
          { uuid: "5b000000-0000-4000-8000-000000000003", answered: false, reason: "no agent configured" },
        ],
      },
    },
  ],
});
