import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { type Item, parseItems, printItem } from "./items";
import { linesOf } from "./parts";
import { rootScript } from "./root-script";

/** Mbit/s, or full/half: undefined where the driver does not know. */
const Settings = z.object({
  speed: z.number().optional(),
  duplex: z.enum(["full", "half"]).optional(),
  autoNegotiation: z.boolean().optional(),
  port: z.string().optional(),
  linkDetected: z.boolean().optional(),
  /** What the driver adds to "no", e.g. "No cable". */
  linkReason: z.string().optional(),
  /** As ethtool writes them: 1000baseT/Full. Empty: not reported. */
  supportedModes: z.array(z.string()),
  advertisedModes: z.array(z.string()),
  partnerModes: z.array(z.string()),
});

const Ring = z.object({ rx: z.number().optional(), tx: z.number().optional() });

/** What ethtool says of one physical NIC. A part that its driver does not support is missing. */
export const EthtoolNic = z.object({
  ifname: z.string(),
  settings: Settings.optional(),
  driver: z
    .object({
      driver: z.string(),
      version: z.string().optional(),
      firmware: z.string().optional(),
      bus: z.string().optional(),
    })
    .optional(),
  features: z.array(z.object({ name: z.string(), on: z.boolean(), fixed: z.boolean() })).optional(),
  ring: z.object({ maximum: Ring, current: Ring }).optional(),
  /** Counters by the driver's own names (rx_crc_errors, rx_missed_errors...). */
  statistics: z.array(z.object({ name: z.string(), value: z.number() })).optional(),
  /** Lines of the transceiver's memory, as printed; missing without root and where there is no transceiver. */
  optics: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  /** Why the transceiver's memory could not be read, in the words of the C library: "No such device", "Input/output error", "Operation not supported". */
  opticsError: z.string().optional(),
});
export type EthtoolNic = z.infer<typeof EthtoolNic>;

/** `\tKey: value` lines; a line without a key of its own goes on with the list before. */
function pairs(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  let last = "";
  for (const line of lines) {
    const match = /^\s*([A-Za-z][^:]*):\s*(.*)$/s.exec(line);
    if (match) {
      last = match[1] ?? "";
      found.set(last, (match[2] ?? "").trim());
    } else if (last !== "") found.set(last, `${found.get(last) ?? ""} ${line.trim()}`.trim());
  }
  return found;
}

const modes = (text: string | undefined): string[] =>
  text === undefined || text.startsWith("Not reported") ? [] : text.split(/\s+/).filter((mode) => mode !== "");

function settingsOf(lines: readonly string[]): z.output<typeof Settings> {
  const found = pairs(lines.slice(1));
  const speed = /^(\d+)Mb\/s$/.exec(found.get("Speed") ?? "");
  const duplex = found.get("Duplex")?.toLowerCase();
  const link = /^(yes|no)(?: \((.*)\))?$/.exec(found.get("Link detected") ?? "");
  const negotiation = found.get("Auto-negotiation");
  return {
    speed: speed ? Number(speed[1]) : undefined,
    duplex: duplex === "full" || duplex === "half" ? duplex : undefined,
    autoNegotiation: negotiation === undefined ? undefined : negotiation === "on",
    port: found.get("Port"),
    linkDetected: link ? link[1] === "yes" : undefined,
    linkReason: link?.[2],
    supportedModes: modes(found.get("Supported link modes")),
    advertisedModes: modes(found.get("Advertised link modes")),
    partnerModes: modes(found.get("Link partner advertised link modes")),
  };
}

function driverOf(lines: readonly string[]): EthtoolNic["driver"] {
  const found = pairs(lines);
  const driver = found.get("driver");
  if (!driver) return undefined;
  return {
    driver,
    version: found.get("version") || undefined,
    firmware: found.get("firmware-version") || undefined,
    bus: found.get("bus-info") || undefined,
  };
}

function featuresOf(lines: readonly string[]): EthtoolNic["features"] {
  return lines.slice(1).flatMap((line) => {
    const text = line.trimStart();
    const colon = text.indexOf(":");
    const match = colon > 0 ? /^: (on|off)(.*)$/.exec(text.slice(colon)) : null;
    return match
      ? [{ name: text.slice(0, colon), on: match[1] === "on", fixed: match[2]?.includes("[fixed]") ?? false }]
      : [];
  });
}

function ringOf(lines: readonly string[]): EthtoolNic["ring"] {
  const at = lines.findIndex((line) => line.startsWith("Current hardware settings"));
  if (at < 0) return undefined;
  const side = (part: readonly string[]) => {
    const found = pairs(part);
    const number = (key: string) => (/^\d+$/.test(found.get(key) ?? "") ? Number(found.get(key)) : undefined);
    return { rx: number("RX"), tx: number("TX") };
  };
  return { maximum: side(lines.slice(0, at)), current: side(lines.slice(at)) };
}

function statisticsOf(lines: readonly string[]): EthtoolNic["statistics"] {
  return lines.flatMap((line) => {
    const match = /^\s+(\S.*): (-?\d+)$/.exec(line);
    return match ? [{ name: match[1] ?? "", value: Number(match[2]) }] : [];
  });
}

interface Optics {
  readonly lines: { name: string; value: string }[];
  error?: string;
}

/** `@name`, then the lines of that NIC's transceiver, or ethtool's complaint: `netlink error: No such device`, `Cannot get module EEPROM information: Input/output error`. */
function opticsOf(item: Item): Map<string, Optics> {
  const found = new Map<string, Optics>();
  let current: Optics | undefined;
  for (const line of linesOf(item)) {
    const colon = /^\s/.test(line) ? line.indexOf(":") : -1;
    const name = line.slice(0, Math.max(0, colon)).trim();
    const complaint = /^(?:netlink error|Cannot get module [^:]*): (.+)$/i.exec(line);
    if (line.startsWith("@")) {
      current = { lines: [] };
      found.set(line.slice(1), current);
    } else if (current && complaint) current.error = (complaint[1] ?? "").trim();
    else if (current && name !== "") current.lines.push({ name, value: line.slice(colon + 1).replace(/^ /, "") });
  }
  return found;
}

const parts = ["settings", "driver", "features", "ring", "statistics"] as const;

/** Physical NICs have a device in sysfs. A name that begins with "-" is left out: ethtool would take it for an option. */
const optics = rootScript(
  `for n in /sys/class/net/*; do [ -e $n/device ] || continue; case \${n##*/} in -*) continue ;; esac; echo @\${n##*/}; ethtool -m \${n##*/} 2>&1; done; :`,
);

/**
 * Link settings, driver, offloads, ring sizes, driver counters and optics of each physical NIC.
 *
 * Sample (ethtool 6.1), item `settings:nic0`: `Settings for nic0:`, `	Speed: 1000Mb/s`, `	Duplex: Full`, `	Link detected: yes`;
 * item `statistics:nic0`: `NIC statistics:`, `     rx_crc_errors: 0`
 */
export const probe = defineProbe({
  id: "ethtool",
  title: { en: "NIC settings and counters", zh: "网卡设置与计数器" },
  tier: "slow",
  volatile: ["statistics"],
  command: "ethtool NIC; ethtool -i NIC; ethtool -k NIC; ethtool -g NIC; ethtool -S NIC; ethtool -m NIC",
  script: `need ethtool
for n in /sys/class/net/*; do [ -e "$n/device" ] || continue
i=\${n##*/}; case $i in -*) continue ;; esac
item "settings:$i" ethtool "$i"; item "driver:$i" ethtool -i "$i"; item "features:$i" ethtool -k "$i"
item "ring:$i" ethtool -g "$i"; item "statistics:$i" ethtool -S "$i"; done
item optics as_root ${optics}`,
  privilege: "partial",
  sudo: [optics],
  timeoutMs: 30_000,
  maxBytes: 16_777_216,
  fact: z.array(EthtoolNic),
  parse: (raw) => {
    const items = parseItems(raw.stdout);
    const last = items.pop();
    if (last?.name !== "optics") throw new ParseError("ethtool: part optics is missing");
    const modules = last.exit === 0 ? opticsOf(last) : new Map<string, Optics>();
    const nics = new Map<string, Map<string, Item>>();
    for (const item of items) {
      const colon = item.name.indexOf(":");
      const ifname = item.name.slice(colon + 1);
      const nic = nics.get(ifname) ?? new Map<string, Item>();
      nics.set(ifname, nic.set(item.name.slice(0, colon), item));
    }
    return [...nics].map(([ifname, nic]) => {
      const read = <T>(part: (typeof parts)[number], parse: (lines: readonly string[]) => T): T | undefined => {
        const item = nic.get(part);
        if (item === undefined) throw new ParseError(`ethtool: part ${part} of ${ifname} is missing`);
        return item.exit === 0 ? parse(linesOf(item)) : undefined;
      };
      const { lines, error } = modules.get(ifname) ?? { lines: [], error: undefined };
      return {
        ifname,
        settings: read("settings", settingsOf),
        driver: read("driver", driverOf),
        features: read("features", featuresOf),
        ring: read("ring", ringOf),
        statistics: read("statistics", statisticsOf),
        optics: lines.length > 0 ? lines : undefined,
        ...(lines.length > 0 || error === undefined ? {} : { opticsError: error }),
      };
    });
  },
  sources: [
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
    "https://git.kernel.org/pub/scm/network/ethtool/ethtool.git/tree/sfpdiag.c?h=v6.1",
  ],
  examples: [
    {
      name: "a copper NIC at 100 Mbit/s, and its optics empty",
      stdout:
        printItem(
          "settings:eno1",
          "Settings for eno1:\n\tSupported ports: [ TP ]\n\tSupported link modes:   10baseT/Half 10baseT/Full\n\t                        100baseT/Half 100baseT/Full\n\t                        1000baseT/Full\n\tSupported pause frame use: Symmetric\n\tAdvertised link modes:  100baseT/Full\n\tLink partner advertised link modes:  Not reported\n\tSpeed: 100Mb/s\n\tDuplex: Full\n\tAuto-negotiation: on\n\tPort: Twisted Pair\n\tLink detected: yes\n",
        ) +
        printItem(
          "driver:eno1",
          "driver: e1000e\nversion: 6.1.0-50-amd64\nfirmware-version: 0.13-4\nexpansion-rom-version: \nbus-info: 0000:00:1f.6\n",
        ) +
        printItem(
          "features:eno1",
          "Features for eno1:\nrx-checksumming: on\ntx-checksumming: on\n\ttx-checksum-ipv4: off [fixed]\nlarge-receive-offload: off [fixed]\n",
        ) +
        printItem(
          "ring:eno1",
          "Ring parameters for eno1:\nPre-set maximums:\nRX:\t\t4096\nRX Mini:\tn/a\nRX Jumbo:\tn/a\nTX:\t\t4096\nCurrent hardware settings:\nRX:\t\t256\nRX Mini:\tn/a\nRX Jumbo:\tn/a\nTX:\t\t256\n",
        ) +
        printItem("statistics:eno1", "NIC statistics:\n     rx_packets: 179\n     rx_crc_errors: 12\n") +
        printItem("optics", "@eno1\n"),
      expect: [
        {
          ifname: "eno1",
          settings: {
            speed: 100,
            duplex: "full",
            autoNegotiation: true,
            port: "Twisted Pair",
            linkDetected: true,
            supportedModes: ["10baseT/Half", "10baseT/Full", "100baseT/Half", "100baseT/Full", "1000baseT/Full"],
            advertisedModes: ["100baseT/Full"],
            partnerModes: [],
          },
          driver: { driver: "e1000e", version: "6.1.0-50-amd64", firmware: "0.13-4", bus: "0000:00:1f.6" },
          features: [
            { name: "rx-checksumming", on: true, fixed: false },
            { name: "tx-checksumming", on: true, fixed: false },
            { name: "tx-checksum-ipv4", on: false, fixed: true },
            { name: "large-receive-offload", on: false, fixed: true },
          ],
          ring: { maximum: { rx: 4096, tx: 4096 }, current: { rx: 256, tx: 256 } },
          statistics: [
            { name: "rx_packets", value: 179 },
            { name: "rx_crc_errors", value: 12 },
          ],
        },
      ],
    },
    {
      name: "an SFP without light, whose driver knows little else",
      stdout:
        printItem(
          "settings:ens1f0",
          "Settings for ens1f0:\n\tSpeed: Unknown!\n\tDuplex: Unknown! (255)\n\tLink detected: no (No cable)\n",
        ) +
        printItem("driver:ens1f0", "", 1) +
        printItem("features:ens1f0", "", 1) +
        printItem("ring:ens1f0", "", 95) +
        printItem("statistics:ens1f0", "", 94) +
        printItem(
          "optics",
          "@ens1f0\n\tIdentifier                                : 0x03 (SFP)\n\tLaser output power                        : 0.5012 mW / -3.00 dBm\n\tReceiver signal average optical power     : 0.0000 mW / -inf dBm\n\tLaser rx power low alarm                  : On\n\tLaser rx power low alarm threshold        : 0.0100 mW / -20.00 dBm\n",
        ),
      expect: [
        {
          ifname: "ens1f0",
          settings: {
            linkDetected: false,
            linkReason: "No cable",
            supportedModes: [],
            advertisedModes: [],
            partnerModes: [],
          },
          optics: [
            { name: "Identifier", value: "0x03 (SFP)" },
            { name: "Laser output power", value: "0.5012 mW / -3.00 dBm" },
            { name: "Receiver signal average optical power", value: "0.0000 mW / -inf dBm" },
            { name: "Laser rx power low alarm", value: "On" },
            { name: "Laser rx power low alarm threshold", value: "0.0100 mW / -20.00 dBm" },
          ],
        },
      ],
    },
    {
      name: "an empty SFP cage, and a card that has none",
      stdout:
        ["ens1f0", "eth0"]
          .map(
            (name) =>
              printItem(
                `settings:${name}`,
                `Settings for ${name}:\n\tSpeed: Unknown!\n\tPort: ${name === "eth0" ? "Other" : "None"}\n\tLink detected: no\n`,
              ) +
              printItem(`driver:${name}`, "", 1) +
              printItem(`features:${name}`, "", 1) +
              printItem(`ring:${name}`, "", 95) +
              printItem(`statistics:${name}`, "", 94),
          )
          .join("") +
        printItem(
          "optics",
          "@ens1f0\nCannot get module EEPROM information: No such device\n@eth0\nnetlink error: Operation not supported\n",
        ),
      expect: [
        {
          ifname: "ens1f0",
          settings: { port: "None", linkDetected: false, supportedModes: [], advertisedModes: [], partnerModes: [] },
          opticsError: "No such device",
        },
        {
          ifname: "eth0",
          settings: { port: "Other", linkDetected: false, supportedModes: [], advertisedModes: [], partnerModes: [] },
          opticsError: "Operation not supported",
        },
      ],
    },
    { name: "no physical NIC", stdout: printItem("optics", ""), expect: [] },
  ],
});
