import type { FactOf } from "../probes/registry";
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
export function moduleState(support: Support, names: readonly string[]): string {
  if (names.some((name) => support.modules.includes(name))) return "loaded";
  if (support.builtin === undefined) return "not loaded or built in";
  const built = names.some((name) => support.builtin?.some((entry) => entry.replaceAll("-", "_") === name));
  return built ? "built in" : "not loaded";
}

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
