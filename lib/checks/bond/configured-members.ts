import type { ConfigFile } from "../../probes/net-config";

/**
 * Members that the host's configuration files give to each bond, by the bond's name. Only what is plainly said: a member that is matched by a pattern, by MAC or by driver is left
 * out. What a NetworkManager profile or a networkd file says counts whether or not that manager runs: a file that nobody reads is not told apart here, so that callers
 * must not accuse by it alone where the bond looks whole.
 */
export function configuredMembers(files: readonly ConfigFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add: Add = (bond, member) => {
    if (bond === undefined || member === undefined || !/^[^\s*?[\]!/]{1,15}$/.test(member)) return;
    const members = found.get(bond);
    if (members) members.add(member);
    else found.set(bond, new Set([member]));
  };
  for (const file of files) readers[file.kind](file.lines, add);
  return found;
}

type Add = (bond: string | undefined, member: string | undefined) => void;
type Reader = (lines: readonly string[], add: Add) => void;

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

/** `bond-master bond0` in a member's stanza, or `bond-slaves nic0 nic1` in the bond's. Only of interfaces that come up by themselves. */
const ifupdown: Reader = (lines, add) => {
  let iface: string | undefined;
  const auto = new Set(lines.flatMap((line) => /^\s*(?:auto|allow-\S+)\s+(.*)$/.exec(line)?.[1]?.split(/\s+/) ?? []));
  for (const line of lines) {
    const words = line.trim().split(/\s+/);
    if (words[0] === "iface") iface = words[1];
    if (iface === undefined) continue;
    const key = words[0]?.replaceAll("_", "-");
    if (key === "bond-master" && auto.has(iface)) add(words[1], iface);
    if ((key === "bond-slaves" || key === "slaves") && auto.has(iface) && words[1] !== "none")
      for (const member of words.slice(1)) add(iface, member);
  }
};

/** A .network file that matches one name and says Bond=. */
const networkd: Reader = (lines, add) => {
  const of = settings(lines);
  for (const name of of.get("Name")?.split(/\s+/) ?? []) add(of.get("Bond"), name);
};

const ifcfg: Reader = (lines, add) => {
  const of = settings(lines);
  if (of.get("ONBOOT") === "no") return;
  add(of.get("MASTER") ?? of.get("BONDING_MASTER"), of.get("SLAVE") === "yes" ? of.get("DEVICE") : undefined);
};

/** A profile of a port; `controller` may be a UUID, which names no bond. */
const networkmanager: Reader = (lines, add) => {
  const of = settings(lines);
  const type = of.get("port-type") ?? of.get("slave-type");
  if (type !== "bond" || of.get("autoconnect") === "false") return;
  add(of.get("controller") ?? of.get("master"), of.get("interface-name"));
};

/** `bonds:` / name / `interfaces: [a, b]` or a list below; by indentation, as far as plain. */
const netplan: Reader = (lines, add) => {
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
    if (text === "bonds:") {
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
