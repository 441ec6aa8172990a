// Long: parsers of three sources of one bond (sysfs, procfs, configuration), which are held against each other.
import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { afterGap, soon } from "./delays";
import { printItem } from "./items";
import { linesOf, partsOf, whole } from "./parts";
import { rootCommand } from "./root-script";

/** One end of a LACP conversation. `portState` is the octet of IEEE 802.1AX: 1 active, 2 short timeout, 4 aggregation, 8 synchronised, 16 collecting, 32 distributing, 64 defaulted, 128 expired. */
const LacpEnd = z.object({
  systemPriority: z.number(),
  systemMac: z.string(),
  key: z.number(),
  portPriority: z.number(),
  portNumber: z.number(),
  portState: z.number(),
});

export const BondMember = z.object({
  ifname: z.string(),
  /** "up", "down", "going down", "going back". */
  miiStatus: z.string(),
  /** Mbit/s; missing where the kernel says Unknown. */
  speed: z.number().optional(),
  duplex: z.enum(["full", "half"]).optional(),
  failureCount: z.number(),
  permaddr: z.string(),
  queueId: z.number().optional(),
  /** 802.3ad only; missing where the port has none. */
  aggregatorId: z.number().optional(),
  actorChurn: z.string().optional(),
  partnerChurn: z.string().optional(),
  /** 802.3ad only, and only for root. */
  actor: LacpEnd.optional(),
  partner: LacpEnd.optional(),
});
export type BondMember = z.infer<typeof BondMember>;

export const Bond = z.object({
  ifname: z.string(),
  /** active-backup, 802.3ad, balance-rr, balance-xor, broadcast, balance-tlb, balance-alb: the names that `ip link` uses. */
  mode: z.string(),
  /** As the kernel words it, e.g. "fault-tolerance (active-backup)". */
  modeText: z.string(),
  miiStatus: z.string(),
  /** Milliseconds; 0 is off. */
  miimon: z.number(),
  updelay: z.number(),
  downdelay: z.number(),
  peerNotifyDelay: z.number().optional(),
  /** Missing where the ARP monitor is off. */
  arp: z.object({ interval: z.number(), missedMax: z.number().optional(), targets: z.array(z.string()) }).optional(),
  xmitHashPolicy: z.string().optional(),
  primary: z.string().optional(),
  /** Active member; missing where the mode knows none or there is none. */
  active: z.string().optional(),
  /** 802.3ad only. */
  lacp: z
    .object({
      rate: z.string().optional(),
      active: z.boolean().optional(),
      minLinks: z.number().optional(),
      selection: z.string().optional(),
      /** Only for root. */
      systemPriority: z.number().optional(),
      systemMac: z.string().optional(),
      /** Only for root; missing where there is no active aggregator. */
      aggregator: z
        .object({
          id: z.number(),
          ports: z.number(),
          actorKey: z.number(),
          partnerKey: z.number(),
          partnerMac: z.string(),
        })
        .optional(),
    })
    .optional(),
  members: z.array(BondMember),
});
export type Bond = z.infer<typeof Bond>;

const modes = new Map([
  ["load balancing (round-robin)", "balance-rr"],
  ["fault-tolerance (active-backup)", "active-backup"],
  ["load balancing (xor)", "balance-xor"],
  ["fault-tolerance (broadcast)", "broadcast"],
  ["IEEE 802.3ad Dynamic link aggregation", "802.3ad"],
  ["transmit load balancing", "balance-tlb"],
  ["adaptive load balancing", "balance-alb"],
]);

/** Keys of one section: the head, a member, a LACP end. Later lines of the same key never replace earlier ones of another section. */
type Section = Map<string, string>;

interface Sections {
  head: Section;
  ad: Section;
  aggregator: Section;
  members: { top: Section; actor: Section; partner: Section }[];
}

/** Sorts the `key: value` lines of one bond by section. */
function sectionsOf(lines: readonly string[]): Sections {
  const found: Sections = { head: new Map(), ad: new Map(), aggregator: new Map(), members: [] };
  let current: Section = found.head;
  for (const line of lines) {
    const text = line.trim();
    const colon = text.indexOf(":");
    const key = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).trim();
    const member = found.members.at(-1);
    if (key === "Slave Interface") {
      const top: Section = new Map();
      found.members.push({ top, actor: new Map(), partner: new Map() });
      current = top;
    } else if (key === "802.3ad info") {
      current = found.ad;
    } else if (key === "Active Aggregator Info") {
      current = found.aggregator;
    } else if (member && key === "details actor lacp pdu") {
      current = member.actor;
    } else if (member && key === "details partner lacp pdu") {
      current = member.partner;
    }
    current.set(key, value);
  }
  return found;
}

const need = (section: Section, key: string): string => {
  const value = section.get(key);
  if (value === undefined) throw new ParseError(`bond: "${key}" is missing`);
  return value;
};
const count = (section: Section, key: string): number => whole(need(section, key), key);
const countIf = (section: Section, key: string): number | undefined =>
  section.has(key) ? count(section, key) : undefined;
/** "None" is the kernel's word for no member. */
const named = (value: string | undefined): string | undefined =>
  value === undefined || value === "None" ? undefined : value;

function lacpEnd(section: Section, keyName: string): z.output<typeof LacpEnd> | undefined {
  if (section.size === 0) return undefined;
  return {
    systemPriority: count(section, "system priority"),
    systemMac: need(section, "system mac address"),
    key: count(section, keyName),
    portPriority: count(section, "port priority"),
    portNumber: count(section, "port number"),
    portState: count(section, "port state"),
  };
}

function member({ top, actor, partner }: Sections["members"][number]): BondMember {
  const speed = top.get("Speed");
  const duplex = top.get("Duplex");
  const aggregator = top.get("Aggregator ID");
  return {
    ifname: need(top, "Slave Interface"),
    miiStatus: need(top, "MII Status"),
    speed: speed === undefined || speed === "Unknown" ? undefined : whole(speed.replace(/ Mbps$/, ""), "Speed"),
    duplex: duplex === "full" || duplex === "half" ? duplex : undefined,
    failureCount: count(top, "Link Failure Count"),
    permaddr: need(top, "Permanent HW addr"),
    queueId: countIf(top, "Slave queue ID"),
    aggregatorId: aggregator === undefined || aggregator === "N/A" ? undefined : whole(aggregator, "Aggregator ID"),
    actorChurn: top.get("Actor Churn State"),
    partnerChurn: top.get("Partner Churn State"),
    actor: lacpEnd(actor, "port key"),
    partner: lacpEnd(partner, "oper key"),
  };
}

function lacp({ ad, aggregator }: Sections): Bond["lacp"] {
  if (ad.size === 0) return undefined;
  const active = ad.get("LACP active");
  return {
    rate: ad.get("LACP rate"),
    active: active === undefined ? undefined : active === "on",
    minLinks: countIf(ad, "Min links"),
    selection: ad.get("Aggregator selection policy (ad_select)"),
    systemPriority: countIf(ad, "System priority"),
    systemMac: ad.get("System MAC address"),
    aggregator:
      aggregator.size === 0
        ? undefined
        : {
            id: count(aggregator, "Aggregator ID"),
            ports: count(aggregator, "Number of ports"),
            actorKey: count(aggregator, "Actor Key"),
            partnerKey: count(aggregator, "Partner Key"),
            partnerMac: need(aggregator, "Partner Mac Address"),
          },
  };
}

function arp(head: Section): Bond["arp"] {
  const interval = countIf(head, "ARP Polling Interval (ms)") ?? 0;
  if (interval === 0) return undefined;
  const targets = ["ARP IP target/s (n.n.n.n form)", "NS IPv6 target/s (xx::xx form)"].flatMap((key) =>
    (head.get(key) ?? "").split(",").map((target) => target.trim()),
  );
  return { interval, missedMax: countIf(head, "ARP Missed Max"), targets: targets.filter((target) => target !== "") };
}

function bond(ifname: string, lines: readonly string[]): Bond {
  const sections = sectionsOf(lines);
  const { head } = sections;
  const modeText = need(head, "Bonding Mode");
  const mode = modes.get(modeText.replace(/ \(fail_over_mac [a-z]+\)$/, ""));
  if (mode === undefined) throw new ParseError(`bond ${ifname}: unknown mode ${modeText}`);
  return {
    ifname,
    mode,
    modeText,
    miiStatus: need(head, "MII Status"),
    miimon: count(head, "MII Polling Interval (ms)"),
    updelay: count(head, "Up Delay (ms)"),
    downdelay: count(head, "Down Delay (ms)"),
    peerNotifyDelay: countIf(head, "Peer Notification Delay (ms)"),
    arp: arp(head),
    xmitHashPolicy: head.get("Transmit Hash Policy"),
    // "nic1 (primary_reselect always)"
    primary: named(head.get("Primary Slave")?.replace(/ \(primary_reselect [a-z]+\)$/, "")),
    active: named(head.get("Currently Active Slave")),
    lacp: lacp(sections),
    members: sections.members.map(member),
  };
}

const activeBackup = `\
/proc/net/bonding/bond0:Ethernet Channel Bonding Driver: v6.1.0-28-amd64
/proc/net/bonding/bond0:Bonding Mode: fault-tolerance (active-backup)
/proc/net/bonding/bond0:Primary Slave: None
/proc/net/bonding/bond0:Currently Active Slave: nic1
/proc/net/bonding/bond0:MII Status: up
/proc/net/bonding/bond0:MII Polling Interval (ms): 100
/proc/net/bonding/bond0:Up Delay (ms): 0
/proc/net/bonding/bond0:Down Delay (ms): 0
/proc/net/bonding/bond0:Peer Notification Delay (ms): 0
/proc/net/bonding/bond0:Slave Interface: nic0
/proc/net/bonding/bond0:MII Status: down
/proc/net/bonding/bond0:Speed: Unknown
/proc/net/bonding/bond0:Duplex: Unknown
/proc/net/bonding/bond0:Link Failure Count: 1
/proc/net/bonding/bond0:Permanent HW addr: 52:54:00:00:00:10
/proc/net/bonding/bond0:Slave queue ID: 0
/proc/net/bonding/bond0:Slave Interface: nic1
/proc/net/bonding/bond0:MII Status: up
/proc/net/bonding/bond0:Speed: 1000 Mbps
/proc/net/bonding/bond0:Duplex: full
/proc/net/bonding/bond0:Link Failure Count: 0
/proc/net/bonding/bond0:Permanent HW addr: 52:54:00:00:00:11
/proc/net/bonding/bond0:Slave queue ID: 0`;

const noPartner = `\
Ethernet Channel Bonding Driver: v6.1.0-28-amd64
Bonding Mode: IEEE 802.3ad Dynamic link aggregation
Transmit Hash Policy: layer3+4 (1)
MII Status: up
MII Polling Interval (ms): 100
Up Delay (ms): 0
Down Delay (ms): 200
Peer Notification Delay (ms): 0
802.3ad info
LACP active: on
LACP rate: slow
Min links: 0
Aggregator selection policy (ad_select): stable
System priority: 65535
System MAC address: 52:54:00:00:00:10
Active Aggregator Info:
\tAggregator ID: 1
\tNumber of ports: 1
\tActor Key: 9
\tPartner Key: 1
\tPartner Mac Address: 00:00:00:00:00:00
Slave Interface: nic0
MII Status: up
Speed: 1000 Mbps
Duplex: full
Link Failure Count: 0
Permanent HW addr: 52:54:00:00:00:10
Slave queue ID: 0
Aggregator ID: 1
Actor Churn State: none
Partner Churn State: churned
Actor Churned Count: 0
Partner Churned Count: 1
details actor lacp pdu:
    system priority: 65535
    system mac address: 52:54:00:00:00:10
    port key: 9
    port priority: 255
    port number: 1
    port state: 77
details partner lacp pdu:
    system priority: 65535
    system mac address: 00:00:00:00:00:00
    oper key: 1
    port priority: 255
    port number: 1
    port state: 1`;

const directory = "/proc/net/bonding/";
/** One grep for all bonds, with fixed arguments: the only form that a sudoers line can allow without allowing more. */
const read = rootCommand("grep -rsa . /proc/net/bonding");

/**
 * Bonds with their members. The kernel shows the LACP details to root only: without it `lacp.aggregator`, `actor` and `partner` are missing.
 *
 * Sample (kernel 6.1, one item; grep puts file and colon before each line, interface names hold neither `/` nor `:`):
 * `/proc/net/bonding/bond0:Bonding Mode: fault-tolerance (active-backup)`, `/proc/net/bonding/bond0:Currently Active Slave: nic1`,
 * `/proc/net/bonding/bond0:MII Status: up`, ..., `/proc/net/bonding/bond0:Slave Interface: nic1`, `/proc/net/bonding/bond0:MII Status: up`, ...
 */
export const probe = defineProbe({
  id: "bond",
  title: { en: "Bonds", zh: "网卡绑定（bond）" },
  tier: "fast",
  rereadOn: { "ip-monitor:link": soon, "ip-monitor:gap": afterGap },
  mayAppear: true,
  command: "grep . /proc/net/bonding/*",
  script: `[ -d /proc/net/bonding ] || exit 127; set -- /proc/net/bonding/*; [ -e "$1" ] || exit 127; item bonds try_root ${read}`,
  privilege: "partial",
  sudo: [read],
  timeoutMs: 5_000,
  maxBytes: 2_097_152,
  fact: z.array(Bond),
  parse: (raw) => {
    const files = new Map<string, string[]>();
    for (const line of linesOf(partsOf(raw, ["bonds"])("bonds"))) {
      const colon = line.indexOf(":");
      if (!line.startsWith(directory) || colon < 0) throw new ParseError("bond: a line without its file name");
      const name = line.slice(directory.length, colon);
      const lines = files.get(name) ?? [];
      lines.push(line.slice(colon + 1));
      files.set(name, lines);
    }
    return [...files].map(([name, lines]) => bond(name, lines));
  },
  sources: [
    "https://docs.kernel.org/networking/bonding.html",
    "https://github.com/torvalds/linux/blob/v6.1/drivers/net/bonding/bond_procfs.c",
  ],
  examples: [
    {
      name: "active-backup with one member down",
      stdout: printItem("bonds", activeBackup),
      expect: [
        {
          ifname: "bond0",
          mode: "active-backup",
          modeText: "fault-tolerance (active-backup)",
          miiStatus: "up",
          miimon: 100,
          updelay: 0,
          downdelay: 0,
          peerNotifyDelay: 0,
          active: "nic1",
          members: [
            { ifname: "nic0", miiStatus: "down", failureCount: 1, permaddr: "52:54:00:00:00:10", queueId: 0 },
            {
              ifname: "nic1",
              miiStatus: "up",
              speed: 1000,
              duplex: "full",
              failureCount: 0,
              permaddr: "52:54:00:00:00:11",
              queueId: 0,
            },
          ],
        },
      ],
    },
    {
      name: "802.3ad without a partner",
      stdout: printItem("bonds", noPartner.replaceAll(/^/gm, "/proc/net/bonding/bond1:")),
      expect: [
        {
          ifname: "bond1",
          mode: "802.3ad",
          modeText: "IEEE 802.3ad Dynamic link aggregation",
          miiStatus: "up",
          miimon: 100,
          updelay: 0,
          downdelay: 200,
          peerNotifyDelay: 0,
          xmitHashPolicy: "layer3+4 (1)",
          lacp: {
            rate: "slow",
            active: true,
            minLinks: 0,
            selection: "stable",
            systemPriority: 65535,
            systemMac: "52:54:00:00:00:10",
            aggregator: { id: 1, ports: 1, actorKey: 9, partnerKey: 1, partnerMac: "00:00:00:00:00:00" },
          },
          members: [
            {
              ifname: "nic0",
              miiStatus: "up",
              speed: 1000,
              duplex: "full",
              failureCount: 0,
              permaddr: "52:54:00:00:00:10",
              queueId: 0,
              aggregatorId: 1,
              actorChurn: "none",
              partnerChurn: "churned",
              actor: {
                systemPriority: 65535,
                systemMac: "52:54:00:00:00:10",
                key: 9,
                portPriority: 255,
                portNumber: 1,
                portState: 77,
              },
              partner: {
                systemPriority: 65535,
                systemMac: "00:00:00:00:00:00",
                key: 1,
                portPriority: 255,
                portNumber: 1,
                portState: 1,
              },
            },
          ],
        },
      ],
    },
  ],
});
