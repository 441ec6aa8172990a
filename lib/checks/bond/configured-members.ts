import type { ConfigFile } from "../../probes/net-config";

/** What has members: a bond its NICs, a bridge its ports. */
type Master = "bond" | "bridge";

/**
 * Members that the host's configuration files give to each bond (or bridge), by its name. Only what is plainly said: a member that is matched by a pattern, by MAC or by driver is left
 * out. What a NetworkManager profile or a networkd file says counts whether or not that manager runs: a file that nobody reads is not told apart here, so that callers
 * must not accuse by it alone where the bond looks whole.
 */
export function configuredMembers(
  files: readonly ConfigFile[],
  of: Master = "bond",
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add: Add = (master, member) => {
    if (master === undefined || member === undefined || !/^[^\s*?[\]!/]{1,15}$/.test(member)) return;
    const members = found.get(master);
    if (members) members.add(member);
    else found.set(master, new Set([member]));
  };
  for (const file of files) readers[file.kind](file.lines, add, of);
  return found;
}

type Add = (master: string | undefined, member: string | undefined) => void;
type Reader = (lines: readonly string[], add: Add, of: Master) => void;

const unquoted = (value: string | undefined): string | undefined => value?.trim().replace(/^(["'])(.*)\1$/, "$2");

/** The values of `Key=Value` lines, the last one of a key. */
function settings(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const match = /^\s*([A-Za-z0-9_-]+)\s*=\s*(.*)$/.exec(line);
      return match ? [[match[1] ?? "", unquoted(match[2]) ?? ""] as const] : [];
    }),
  );
}

const listed: Readonly<Record<Master, readonly string[]>> = {
  bond: ["bond-slaves", "slaves"],
  bridge: ["bridge-ports"],
};

/** `bond-master bond0` in a member's stanza, or `bond-slaves nic0 nic1` in the bond's; `bridge_ports nic0` in the bridge's. Only of interfaces that come up by themselves. */
const ifupdown: Reader = (lines, add, of) => {
  let iface: string | undefined;
  const auto = new Set(lines.flatMap((line) => /^\s*(?:auto|allow-\S+)\s+(.*)$/.exec(line)?.[1]?.split(/\s+/) ?? []));
  for (const line of lines) {
    const words = line.trim().split(/\s+/);
    if (words[0] === "iface") iface = words[1];
    if (iface === undefined) continue;
    const key = words[0]?.replaceAll("_", "-");
    if (of === "bond" && key === "bond-master" && auto.has(iface)) add(words[1], iface);
    if (key !== undefined && listed[of].includes(key) && auto.has(iface))
      for (const member of plainNames(words.slice(1))) add(iface, member);
  }
};

/** Names in a list of members, without what stands for many: words after `regex` up to `noregex` (bridge-utils-interfaces(5)) or after `glob` (ifupdown2), `all`, `none`. */
function plainNames(words: readonly string[]): string[] {
  const names: string[] = [];
  let pattern = false;
  for (const word of words) {
    if (word === "regex" || word === "glob") pattern = true;
    else if (word === "noregex") pattern = false;
    else if (!pattern && word !== "none" && word !== "all") names.push(word);
  }
  return names;
}

/** A .network file that matches one name and says Bond= or Bridge=. */
const networkd: Reader = (lines, add, of) => {
  const said = settings(lines);
  for (const name of said.get("Name")?.split(/\s+/) ?? []) add(said.get(of === "bond" ? "Bond" : "Bridge"), name);
};

const ifcfg: Reader = (lines, add, of) => {
  const said = settings(lines);
  if (said.get("ONBOOT") === "no") return;
  if (of === "bridge") add(said.get("BRIDGE"), said.get("DEVICE"));
  else
    add(said.get("MASTER") ?? said.get("BONDING_MASTER"), said.get("SLAVE") === "yes" ? said.get("DEVICE") : undefined);
};

/** A profile of a port; `controller` may be a UUID, which names no bond. */
const networkmanager: Reader = (lines, add, of) => {
  const said = settings(lines);
  const type = said.get("port-type") ?? said.get("slave-type");
  if (type !== of || said.get("autoconnect") === "false") return;
  add(said.get("controller") ?? said.get("master"), said.get("interface-name"));
};

/** `bonds:` (`bridges:`) / name / `interfaces: [a, b]` or a list below; by indentation, as far as plain. */
const netplan: Reader = (lines, add, of) => {
  let section = -1;
  let bond: string | undefined;
  let bondIndent = -1;
  let list = false;
  for (const line of lines) {
    const indent = line.length - line.trimStart().length;
    const text = line.trim();
    if (section >= 0 && indent <= section) {
      section = -1;
      bond = undefined;
    }
    if (text === `${of}s:`) {
      section = indent;
      bondIndent = -1;
      continue;
    }
    if (section < 0) continue;
    const item = /^- (\S+)$/.exec(text);
    if (item && list) {
      add(bond, unquoted(item[1]));
      continue;
    }
    list = false;
    if (bondIndent < 0) bondIndent = indent;
    if (indent === bondIndent) bond = unquoted(/^([^\s:]+):$/.exec(text)?.[1]);
    else if (text === "interfaces:") list = true;
    else {
      const inline = /^interfaces: \[(.*)\]$/.exec(text);
      for (const member of inline?.[1]?.split(",") ?? []) add(bond, unquoted(member));
    }
  }
};

const readers: Readonly<Record<ConfigFile["kind"], Reader>> = {
  ifupdown,
  networkd,
  ifcfg,
  networkmanager,
  netplan,
};
