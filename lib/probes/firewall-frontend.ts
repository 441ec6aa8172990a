import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { type Item, parseItems, printItem } from "./items";
import { linesOf } from "./parts";
import { rootCommand } from "./root-script";

/** firewalld prints all sources of a zone on one line. */
const zoneMost = 262_144;

const Zone = z.object({
  name: z.string(),
  active: z.boolean(),
  /** default, ACCEPT, DROP, %%REJECT%%. */
  target: z.string().optional(),
  interfaces: z.array(z.string()),
  sources: z.array(z.string()),
  services: z.array(z.string()),
  /** Between the interfaces of the zone. */
  forward: z.boolean().optional(),
  masquerade: z.boolean().optional(),
  richRules: z.array(z.string()),
});

/** What ufw and firewalld say of themselves. A front end that is not on the host is missing. */
export const FirewallFrontend = z.object({
  ufw: z
    .object({
      active: z.boolean(),
      /** Policies: allow, deny, reject, disabled. */
      incoming: z.string().optional(),
      outgoing: z.string().optional(),
      routed: z.string().optional(),
      /** Table as printed, without its head. */
      rules: z.array(z.string()),
    })
    .optional(),
  firewalld: z.object({ running: z.boolean(), zones: z.array(Zone) }).optional(),
});
export type FirewallFrontend = z.infer<typeof FirewallFrontend>;

function ufw(lines: readonly string[]): FirewallFrontend["ufw"] {
  const status = lines.find((line) => line.startsWith("Status: "));
  if (status === undefined) throw new ParseError("ufw: no status");
  const defaults = lines.find((line) => line.startsWith("Default: ")) ?? "";
  const policy = (of: string) => new RegExp(`(\\w+) \\(${of}\\)`).exec(defaults)?.[1];
  const head = lines.findIndex((line) => line.startsWith("--"));
  return {
    active: status === "Status: active",
    incoming: policy("incoming"),
    outgoing: policy("outgoing"),
    routed: policy("routed"),
    rules: head < 0 ? [] : lines.slice(head + 1).filter((line) => line.trim() !== ""),
  };
}

function zones(lines: readonly string[]): z.output<typeof Zone>[] {
  const found: z.output<typeof Zone>[] = [];
  for (const line of lines) {
    const zone = found.at(-1);
    const head = /^(\S+)( \(.*\))?$/.exec(line);
    const entry = /^ {2}([a-z -]+): ?(.*)$/.exec(line);
    const list = (entry?.[2] ?? "").split(" ").filter((part) => part !== "");
    if (head)
      found.push({
        name: head[1] ?? "",
        active: head[2]?.includes("active") ?? false,
        interfaces: [],
        sources: [],
        services: [],
        richRules: [],
      });
    else if (zone && line.startsWith("\t")) zone.richRules.push(line.trim());
    else if (zone && entry) {
      if (entry[1] === "target") zone.target = entry[2];
      else if (entry[1] === "interfaces") zone.interfaces = list;
      else if (entry[1] === "sources") zone.sources = list;
      else if (entry[1] === "services") zone.services = list;
      else if (entry[1] === "forward") zone.forward = entry[2] === "yes";
      else if (entry[1] === "masquerade") zone.masquerade = entry[2] === "yes";
    }
  }
  return found;
}

const reads = [rootCommand("ufw status verbose"), "firewall-cmd --list-all-zones"] as const;

/**
 * Status of ufw and firewalld: which zone or policy a bridge falls under.
 *
 * Sample, item `ufw`: `Status: active`, `Default: deny (incoming), allow (outgoing), deny (routed)`; item `firewalld`: `public (active)`, `  target: default`,
 * `  interfaces: eno1`
 */
export const probe = defineProbe({
  id: "firewall-frontend",
  title: { en: "ufw and firewalld", zh: "ufw 与 firewalld" },
  tier: "slow",
  command: "ufw status verbose; firewall-cmd --list-all-zones",
  script: `command -v ufw >/dev/null 2>&1 || command -v firewall-cmd >/dev/null 2>&1 || exit 127
missing() { return 127; }
if command -v ufw >/dev/null 2>&1; then item ufw as_root ${reads[0]}; [ "$_s" != 77 ] || exit 77; else item ufw missing; fi
if command -v firewall-cmd >/dev/null 2>&1; then item firewalld as_root ${reads[1]}; [ "$_s" != 77 ] || exit 77; else item firewalld missing; fi`,
  privilege: "root",
  sudo: reads,
  timeoutMs: 20_000,
  maxBytes: 1_048_576,
  fact: FirewallFrontend,
  parse: (raw) => {
    const items = new Map(parseItems(raw.stdout).map((item) => [item.name, item]));
    const get = (name: string): Item => {
      const item = items.get(name);
      if (!item) throw new ParseError(`part ${name} is missing`);
      return item;
    };
    const [first, second] = [get("ufw"), get("firewalld")];
    if (first.exit !== 0 && first.exit !== 127) throw new ParseError(`ufw ended with exit ${first.exit}`);
    // firewall-cmd ends with 252 where its daemon does not run.
    if (![0, 127, 252].includes(second.exit)) throw new ParseError(`firewall-cmd ended with exit ${second.exit}`);
    return {
      ufw: first.exit === 0 ? ufw(linesOf(first)) : undefined,
      firewalld:
        second.exit === 127
          ? undefined
          : { running: second.exit === 0, zones: second.exit === 0 ? zones(linesOf(second, zoneMost)) : [] },
    };
  },
  sources: [
    "https://manpages.ubuntu.com/manpages/jammy/en/man8/ufw.8.html",
    "https://firewalld.org/documentation/man-pages/firewall-cmd.html",
  ],
  examples: [
    {
      name: "ufw refuses what is routed, firewalld is installed but stopped",
      stdout:
        printItem(
          "ufw",
          "Status: active\nLogging: on (low)\nDefault: deny (incoming), allow (outgoing), deny (routed)\nNew profiles: skip\n\nTo                         Action      From\n--                         ------      ----\n22/tcp                     ALLOW IN    Anywhere\n",
        ) + printItem("firewalld", "", 252),
      expect: {
        ufw: {
          active: true,
          incoming: "deny",
          outgoing: "allow",
          routed: "deny",
          rules: ["22/tcp                     ALLOW IN    Anywhere"],
        },
        firewalld: { running: false, zones: [] },
      },
    },
    {
      name: "firewalld with a bridge in its zone",
      stdout:
        printItem("ufw", "", 127) +
        printItem(
          "firewalld",
          'block\n  target: %%REJECT%%\n  icmp-block-inversion: no\n  interfaces: \n  sources: \n  services: \n  ports: \n  forward: yes\n  masquerade: no\n  rich rules: \n\npublic (default, active)\n  target: default\n  interfaces: br0 eno1\n  sources: \n  services: dhcpv6-client ssh\n  forward: yes\n  masquerade: no\n  rich rules: \n\trule family="ipv4" source address="192.0.2.1" drop\n',
        ),
      expect: {
        firewalld: {
          running: true,
          zones: [
            {
              name: "block",
              active: false,
              target: "%%REJECT%%",
              interfaces: [],
              sources: [],
              services: [],
              forward: true,
              masquerade: false,
              richRules: [],
            },
            {
              name: "public",
              active: true,
              target: "default",
              interfaces: ["br0", "eno1"],
              sources: [],
              services: ["dhcpv6-client", "ssh"],
              forward: true,
              masquerade: false,
              richRules: ['rule family="ipv4" source address="192.0.2.1" drop'],
            },
          ],
        },
      },
    },
  ],
});
