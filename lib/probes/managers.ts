import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { type Item, parseItems, printItem } from "./items";
import { linesOf } from "./parts";

/** Which of the host's network managers claims which interface. A manager that is not there, or does not run, is missing. */
export const Managers = z.object({
  networkManager: z
    .array(
      z.object({
        device: z.string(),
        type: z.string(),
        /** connected, disconnected, unmanaged, unavailable, "connected (externally)"... */
        state: z.string(),
        connection: z.string().optional(),
      }),
    )
    .optional(),
  networkd: z
    .array(
      z.object({
        link: z.string(),
        type: z.string(),
        operational: z.string(),
        /** configured, configuring, failed, unmanaged, pending... */
        setup: z.string(),
      }),
    )
    .optional(),
  /** Interfaces that ifupdown has brought up (`ifquery --state`). */
  ifupdown: z.array(z.object({ iface: z.string(), logical: z.string() })).optional(),
});
export type Managers = z.infer<typeof Managers>;

/** `nmcli -t`: fields by colon; a colon or backslash inside a field has a backslash before it. */
function terse(line: string): string[] {
  const fields = [""];
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (char === ":") fields.push("");
    else fields[fields.length - 1] += char === "\\" ? (line[++at] ?? "") : char;
  }
  return fields;
}

function networkManager(lines: readonly string[]): Managers["networkManager"] {
  return lines.map((line) => {
    const [device = "", type = "", state = "", connection = ""] = terse(line);
    if (device === "" || state === "") throw new ParseError(`nmcli: ${JSON.stringify(line.slice(0, 80))}`);
    return { device, type, state, connection: connection === "" ? undefined : connection };
  });
}

/** networkctl knows the links even where its daemon does not run; it has no state of any of them then. */
function networkd(lines: readonly string[]): Managers["networkd"] {
  const links = lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      // A mark (dot) in colour terminals, index, name, type, operational state, setup state. Names hold no white space.
      const match = /^\W*\d+ (\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*$/.exec(line);
      const [, link = "", type = "", operational = "", setup = ""] = match ?? [];
      if (!match) throw new ParseError(`networkctl: ${JSON.stringify(line.slice(0, 80))}`);
      return { link, type, operational, setup };
    });
  return links.every((link) => link.operational === "-" && link.setup === "unmanaged") ? undefined : links;
}

/** `name=logical`: an interface's name may hold "=", the logical name of ifupdown cannot. */
function ifupdown(lines: readonly string[]): Managers["ifupdown"] {
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const equals = line.lastIndexOf("=");
      if (equals < 0) throw new ParseError(`ifquery: ${JSON.stringify(line.slice(0, 80))}`);
      return { iface: line.slice(0, equals), logical: line.slice(equals + 1) };
    });
}

/**
 * Claims of NetworkManager, systemd-networkd and ifupdown. libvirt's own bridges are in libvirt-networks.
 *
 * Sample, item `nm` (nmcli -t): `eno1:ethernet:connected:Wired connection 1`; item `networkd` (networkctl 252): `  3 nic0   ether    off unmanaged`;
 * item `ifupdown`: `br0=br0`
 */
export const probe = defineProbe({
  id: "managers",
  title: { en: "Network managers", zh: "网络管理服务" },
  tier: "slow",
  command: "nmcli device; networkctl list; ifquery --state",
  script: `missing() { return 127; }
if command -v nmcli >/dev/null 2>&1; then item nm nmcli -t -f DEVICE,TYPE,STATE,CONNECTION device; else item nm missing; fi
if command -v networkctl >/dev/null 2>&1 && [ -d /run/systemd/netif/links ]; then item networkd networkctl list --no-legend --no-pager; else item networkd missing; fi
if command -v ifquery >/dev/null 2>&1; then item ifupdown ifquery --state; else item ifupdown missing; fi`,
  privilege: "none",
  timeoutMs: 20_000,
  maxBytes: 1_048_576,
  fact: Managers,
  parse: (raw) => {
    const items = new Map(parseItems(raw.stdout).map((item) => [item.name, item]));
    const read = <T>(name: string, parse: (lines: readonly string[]) => T): T | undefined => {
      const item: Item | undefined = items.get(name);
      if (!item) throw new ParseError(`part ${name} is missing`);
      return item.exit === 0 ? parse(linesOf(item)) : undefined;
    };
    return {
      networkManager: read("nm", networkManager),
      networkd: read("networkd", networkd),
      ifupdown: read("ifupdown", ifupdown),
    };
  },
  sources: [
    "https://networkmanager.dev/docs/api/latest/nmcli.html",
    "https://www.freedesktop.org/software/systemd/man/latest/networkctl.html",
    "https://manpages.debian.org/bookworm/ifupdown/ifquery.8.en.html",
  ],
  examples: [
    {
      name: "all three",
      stdout:
        printItem(
          "nm",
          "eno1:ethernet:connected:Wired connection 1\nvirbr0:bridge:connected (externally):virbr0\nx\\:y:tun:unmanaged:\n",
        ) +
        printItem("networkd", "  1 lo     loopback carrier  unmanaged\n  3 nic0   ether    routable configured\n") +
        printItem("ifupdown", "lo=lo\nbr0=br0\n"),
      expect: {
        networkManager: [
          { device: "eno1", type: "ethernet", state: "connected", connection: "Wired connection 1" },
          { device: "virbr0", type: "bridge", state: "connected (externally)", connection: "virbr0" },
          { device: "x:y", type: "tun", state: "unmanaged" },
        ],
        networkd: [
          { link: "lo", type: "loopback", operational: "carrier", setup: "unmanaged" },
          { link: "nic0", type: "ether", operational: "routable", setup: "configured" },
        ],
        ifupdown: [
          { iface: "lo", logical: "lo" },
          { iface: "br0", logical: "br0" },
        ],
      },
    },
    {
      name: "none",
      stdout:
        printItem("nm", "Error: NetworkManager is not running.", 8) +
        printItem("networkd", "", 127) +
        printItem("ifupdown", "", 127),
      expect: {},
    },
  ],
});
