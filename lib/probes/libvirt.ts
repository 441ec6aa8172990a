import { ParseError } from "./define";

/**
 * Shell functions that run virsh against the system's QEMU driver, read-only and without table headings; exits 127 where libvirt is not on the host.
 * `v ARGS...` runs it. `first ARGS...` does so for the first time, leaves the output in `$l`, and ends the script where libvirt does not let us in.
 * Several commands go into one call where they can ("a; b"), with `echo =` between: starting virsh costs more than most questions.
 *
 * libvirt's read-only socket is open to every user by default, so no root is needed. Where it is not, root is tried; virsh is never in the sudoers fragment,
 * for its arguments cannot be bounded there (`connect`, `-c` with a command): on such a host the user belongs in the group libvirt.
 */
export const virshShell = `need virsh
command -v libvirtd >/dev/null 2>&1 || command -v virtqemud >/dev/null 2>&1 || [ -e /run/libvirt ] || exit 127
V=; v() { $V virsh -r -q -c qemu:///system "$@"; }
first() { l=$(v "$@" 2>/dev/null </dev/null) && return 0
e=$(v "$@" 2>&1 >/dev/null </dev/null)
case $e in *ermission*|*uthenti*|*denied*|*polkit*) ;; *) printf '%s\\n' "$e" >&2; exit 1 ;; esac
V=as_root; l=$(v "$@" </dev/null); case $? in 0) return 0 ;; 77) exit 77 ;; *) exit 1 ;; esac; }
`;

/** virDomainState, in the words of `virsh domstate`. */
export const domainStates = [
  "no state",
  "running",
  "idle",
  "paused",
  "in shutdown",
  "shut off",
  "crashed",
  "pmsuspended",
] as const;
export type DomainState = (typeof domainStates)[number];

/** Reasons by state, in the words of `virsh domstate --reason`; the index is the number that domstats prints. */
const reasons: Readonly<Record<DomainState, readonly string[]>> = {
  "no state": ["unknown"],
  running: [
    "unknown",
    "booted",
    "migrated",
    "restored",
    "from snapshot",
    "unpaused",
    "migration canceled",
    "save canceled",
    "event wakeup",
    "crashed",
    "post-copy",
    "post-copy failed",
  ],
  idle: ["unknown"],
  paused: [
    "unknown",
    "user",
    "migrating",
    "saving",
    "dumping",
    "I/O error",
    "watchdog",
    "from snapshot",
    "shutting down",
    "creating snapshot",
    "crashed",
    "starting up",
    "post-copy",
    "post-copy failed",
    "api error",
  ],
  "in shutdown": ["unknown", "user"],
  "shut off": ["unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from snapshot", "daemon"],
  crashed: ["unknown", "panicked"],
  pmsuspended: ["unknown"],
};

/** One block of `virsh domstats`. Keys are libvirt's own, values as printed. */
export interface DomainStats {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads `virsh domstats`: blocks of `Domain: 'name'` and indented `key=value` lines. libvirt takes no new line in a domain's name. */
export function parseDomstats(lines: readonly string[]): DomainStats[] {
  const blocks: { name: string; values: Map<string, string> }[] = [];
  for (const line of lines) {
    if (line === "") continue;
    const head = /^Domain: '(.*)'$/s.exec(line);
    const entry = /^ {2}([a-z0-9._-]+)=(.*)$/is.exec(line);
    if (head) blocks.push({ name: head[1] ?? "", values: new Map() });
    else if (entry) {
      const block = blocks.at(-1);
      if (!block) throw new ParseError("domstats: a value before the first domain");
      block.values.set(entry[1] ?? "", entry[2] ?? "");
    } else throw new ParseError(`domstats: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
  }
  return blocks;
}

/** State and reason of a domstats block; undefined where libvirt printed none. A number that is newer than this table is named by its number. */
export function stateOf(stats: DomainStats | undefined): { state: DomainState; reason: string } | undefined {
  const state = domainStates[Number(stats?.values.get("state.state") ?? Number.NaN)];
  if (state === undefined) return undefined;
  const reason = stats?.values.get("state.reason") ?? "0";
  return { state, reason: reasons[state][Number(reason)] ?? `reason ${reason}` };
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** UUIDs that `virsh list --uuid` printed, one a line; blank lines between. */
export function uuids(lines: readonly string[]): string[] {
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      if (!uuidForm.test(line.trim())) throw new ParseError(`no UUID: ${JSON.stringify(line.slice(0, 80))}`);
      return line.trim();
    });
}

/** `UUID name` lines of `virsh list --uuid --name`. Older virsh pads the name to 30 columns. */
export function uuidNames(lines: readonly string[]): { uuid: string; name: string }[] {
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const uuid = line.slice(0, 36);
      const name = line.slice(37);
      if (!uuidForm.test(uuid) || line[36] !== " " || name === "")
        throw new ParseError(`no UUID and name: ${JSON.stringify(line.slice(0, 80))}`);
      return { uuid, name: name.length === 30 ? name.trimEnd() : name };
    });
}

/** The outputs of several virsh commands with `echo =` between them; all but the last hold UUIDs, where no `=` can stand. Throws ParseError. */
export function sections(text: string, count: number): string[] {
  const parts = text.split("=");
  if (parts.length < count) throw new ParseError(`virsh: ${parts.length} answers instead of ${count}`);
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join("=")];
}
