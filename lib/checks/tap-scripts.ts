import type { FactOf } from "../probes/registry";
import { filled, type Param, type Wording } from "../wording";
import type { Evidence } from "./define";
import { commandLine } from "./evidence";
import { mayUse } from "./virtual";

type Support = FactOf<"virt-support">;
type Process = FactOf<"qemu-proc">[number];
type Nic = Process["nics"][number];
type Program = Pick<NonNullable<Process["programs"]>[number], "mode" | "uid" | "gid">;
/** What is to be said of one script or helper. */
export type Judged =
  | { readonly ok: true }
  | { readonly unread: Wording }
  | { readonly path: string; readonly why: Param; readonly evidence: Evidence };

const scripts: ReadonlyMap<string, "script" | "downscript"> = new Map([
  ["/etc/qemu-ifup", "script"],
  ["/etc/qemu-ifdown", "downscript"],
]);

/** Where distributions put the helper that QEMU looks for by itself. */
const isHelper = /^\/usr\/(?:lib|libexec)\/(?:qemu\/)?qemu-bridge-helper$/;

/** Whether the scripts and helpers that plug this process's NICs in can do it: one answer for each of them, none where it uses none. */
export function judgeTapScripts(process: Process, support: Support): Judged[] {
  return [
    ...usedScripts(process).map((path) => judgeScript(path, process, support)),
    ...process.nics.filter(isHelped).flatMap((nic) => judgeHelper(nic, process, support)),
  ];
}

const isHelped = (nic: Nic): boolean => nic.backend === "bridge" || nic.helper !== undefined;

/** Scripts that QEMU runs for this process: also by default, where a TAP is asked for by neither descriptor nor helper and no script is named. */
function usedScripts(process: Process): string[] {
  const taps = process.nics.filter((nic) => nic.backend === "tap" && nic.fds.length === 0 && !isHelped(nic));
  const paths = [...scripts].flatMap(([path, option]) => taps.map((nic) => nic[option] ?? path));
  return [...new Set(paths.filter((path) => path !== "no" && path !== ""))];
}

/** What is known of a program by its path: `gone` where there is none; undefined where nobody looked, or could not. */
function programAt(path: string, process: Process, support: Support): Program | "gone" | undefined {
  const named = process.programs?.find((one) => one.path === path);
  if (named) return named.mode === undefined ? "gone" : named;
  const known = support.files.find((file) => file.path === path);
  return known ?? (scripts.has(path) ? "gone" : undefined);
}

const runs = (process: Process): Param =>
  process.user ? { en: `uid ${process.user.uid}`, zh: `uid ${process.user.uid}` } : { en: "its user", zh: "其用户" };

/** Fault of a program that cannot be executed; undefined where it can, or where that is not known. */
function startFault(path: string, program: Program | "gone", process: Process): Judged | undefined {
  if (program === "gone")
    return {
      path,
      why: { en: "it is missing", zh: "文件不存在" },
      evidence: {
        command: commandLine(["ls", "-lL", path]),
        excerpt: `ls: cannot access '${path}': No such file or directory`,
      },
    };
  if (mayUse(program, process.user, 1) !== false) return undefined;
  const mode = program.mode ?? "";
  return {
    path,
    why: filled(
      { en: "{who} may not execute it (mode {mode})", zh: "{who} 无权执行（权限 {mode}）" },
      { who: runs(process), mode },
    ),
    evidence: evidenceOf(path, program),
  };
}

function judgeScript(path: string, process: Process, support: Support): Judged {
  const program = programAt(path, process, support);
  if (!program) return { unread: { en: `the script ${path} could not be looked at`, zh: `无法查看脚本 ${path}` } };
  return startFault(path, program, process) ?? { ok: true };
}

/** The helper that makes the TAP, and its list. Where QEMU is not root's the helper has to bring the right itself. */
function judgeHelper(nic: Nic, process: Process, support: Support): Judged[] {
  const path = nic.helper?.startsWith("/") ? nic.helper : support.files.find((one) => isHelper.test(one.path))?.path;
  const program = path === undefined ? undefined : programAt(path, process, support);
  if (path === undefined || !program)
    return [{ unread: { en: "QEMU's bridge helper could not be looked at", zh: "无法查看 QEMU 的网桥助手" } }];
  const fault = startFault(path, program, process);
  if (fault || program === "gone") return fault ? [fault] : [];
  return [ofRights(path, program, process, support), ofList(nic.br ?? "br0", support)];
}

function ofRights(path: string, program: Program, process: Process, support: Support): Judged {
  const mode = Number.parseInt(program.mode ?? "", 8);
  const setuidRoot = (mode & 0o4000) !== 0 && (program.uid ?? 0) === 0;
  const capable = support.caps?.some((line) => line.startsWith(`${path} `) && /cap_net_admin\S*[=+]\S*e/.test(line));
  if (setuidRoot || capable || process.user?.uid === 0) return { ok: true };
  if (!process.user)
    return {
      unread: {
        en: `${path} is not setuid root, and the user that runs QEMU was not read`,
        zh: `${path} 没有 setuid root，且未读取到 QEMU 的运行用户`,
      },
    };
  if (!support.caps || !isHelper.test(path))
    return {
      unread: {
        en: `${path} is not setuid root, and its file capabilities were not read`,
        zh: `${path} 没有 setuid root，且未读取到其文件能力`,
      },
    };
  return {
    path,
    why: filled(
      {
        en: "it is not setuid root (mode {mode}) and has no file capability cap_net_admin, and QEMU runs as {who}",
        zh: "它没有 setuid root（权限 {mode}），也没有文件能力 cap_net_admin，而 QEMU 以 {who} 运行",
      },
      { who: runs(process), mode: program.mode ?? "" },
    ),
    evidence: evidenceOf(path, program),
  };
}

/** Without reading it, or with another file included, nobody can say what is allowed. */
function ofList(bridge: string, support: Support): Judged {
  const acl = support.bridgeConf;
  if (!acl)
    return {
      unread: {
        en: "bridge.conf, which says what the bridge helper may do, was not read",
        zh: "未读取到 bridge.conf，其中规定了网桥助手的权限",
      },
    };
  if (acl.some((line) => /^\s*include\b/.test(line)))
    return {
      unread: {
        en: "bridge.conf includes another file, which is not read",
        zh: "bridge.conf 引用了另一个文件，该文件不会被读取",
      },
    };
  const rules = acl.flatMap((line) => /^\s*(allow|deny)\s+(\S+)/.exec(line)?.slice(1, 3).join(" ") ?? []);
  const allowed = rules.includes(`allow ${bridge}`) || rules.includes("allow all");
  if (allowed && !rules.includes(`deny ${bridge}`) && !rules.includes("deny all")) return { ok: true };
  return {
    path: "/etc/qemu/bridge.conf",
    why: filled({ en: "it does not allow {bridge}", zh: "它不允许 {bridge}" }, { bridge }),
    evidence: { command: "cat /etc/qemu/bridge.conf", excerpt: acl.join("\n") || "(no rule)" },
  };
}

const evidenceOf = (path: string, { mode, uid, gid }: Program): Evidence => ({
  command: commandLine(["stat", "-L", "-c", "%a %u %g %n", path]),
  excerpt: `${mode ?? "?"} ${uid ?? "?"} ${gid ?? "?"} ${path}`,
});
