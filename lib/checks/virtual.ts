import type { FactOf } from "../probes/registry";
import type { Wording } from "../wording";
import type { CheckView, Evidence } from "./define";
import { commandLine } from "./evidence";

type Support = FactOf<"virt-support">;

/** Whether the host runs or keeps guests: what only matters to a hypervisor is no fault of any other machine. Throws Unread where libvirt was not read. */
export function hasGuests(view: CheckView<"libvirt-domains">): boolean {
  const processes = view.factIfRead("qemu-proc") ?? [];
  if (processes.length > 0) return true;
  return (view.factOrAbsent("libvirt-domains") ?? []).length > 0;
}

/** "loaded", "built in", "not loaded" or, where the kernel's list of built-ins is not there, "not loaded or built in". */
export function moduleState(support: Support, names: readonly string[]): Wording {
  if (names.some((name) => support.modules.includes(name))) return { en: "loaded", zh: "已加载" };
  if (support.builtin === undefined) return { en: "not loaded or built in", zh: "未加载或已内建" };
  const built = names.some((name) => support.builtin?.some((entry) => entry.replaceAll("-", "_") === name));
  return built ? { en: "built in", zh: "已内建" } : { en: "not loaded", zh: "未加载" };
}

/** Whether a file is there, in words. */
export const presence = (there: boolean): Wording =>
  there ? { en: "present", zh: "存在" } : { en: "missing", zh: "缺失" };

/** `ls -l` of a device node, as far as it was read. */
export function deviceEvidence(support: Support, path: string): Evidence {
  const file = support.files.find((entry) => entry.path === path);
  return {
    command: commandLine(["ls", "-l", path]),
    excerpt: file
      ? `${file.type} ${file.mode} ${file.user} ${file.group} ${path}`
      : `ls: cannot access '${path}': No such file or directory`,
  };
}

/** Mode (octal) and owners of a file, as far as they were read. */
interface Owned {
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
}

interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/**
 * Whether this user may do with a file what `bits` asks for (6: read and write, 1: execute), by its mode alone: an access list may allow more. root may read and write
 * everything, and execute what anybody may. Undefined where mode, owners or user were not read.
 */
export function mayUse(file: Owned, user: User | undefined, bits: 6 | 1): boolean | undefined {
  if (file.mode === undefined) return undefined;
  const mode = Number.parseInt(file.mode, 8);
  const has = (shift: number) => ((mode >> shift) & bits) === bits;
  if (user?.uid === 0) return bits === 6 || has(6) || has(3) || has(0);
  if (has(0) && has(3) && has(6)) return true;
  if (!has(0) && !has(3) && !has(6)) return false;
  if (!user || file.uid === undefined || file.gid === undefined) return undefined;
  if (user.uid === file.uid) return has(6);
  return [user.gid, ...user.groups].includes(file.gid) ? has(3) : has(0);
}
