import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { lasting } from "../growth";

type View = CheckView<"libvirt-state" | "libvirt-domains">;

/**
 * A guest that should run does not: crashed, stopped by an error, or set to start by itself and off all the same. What people do is told apart by libvirt's reason: a guest that was
 * shut down in order, migrated away or saved is not missed here, one that somebody paused is reported once that has lasted, and the short pauses of snapshots and migration never are.
 */
export const check = defineCheck({
  id: "domain-not-running",
  layer: "host",
  title: { en: "Guest does not run", zh: "虚拟机未运行" },
  message: { en: "{vm} is {state} ({reason})", zh: "{vm} 处于 {state} 状态（{reason}）" },
  expected: { en: "{vm} is running", zh: "{vm} 正在运行" },
  repair: {
    en: "Look into /var/log/libvirt/qemu/{vm}.log for the reason (after an I/O error: is the storage full or away?). Then: virsh {command} {vm}.",
    zh: "先在 /var/log/libvirt/qemu/{vm}.log 中查明原因（若为 I/O 错误：存储是否已满或断开？）。然后执行：virsh {command} {vm}。",
  },
  explain: {
    en: "A guest that does not run answers nobody, and from the network it looks like any other cut. The usual reasons: full storage pauses it, the kernel's memory killer ends it, its start failed at boot.",
    zh: "未运行的虚拟机不会应答任何人，从网络上看与其他断网现象无异。常见原因：存储已满导致暂停、被内核内存回收杀死、开机自动启动失败。",
  },
  needs: ["libvirt-state", "libvirt-domains"],
  subjects: ["vm"],
  settings: {
    paused: {
      title: { en: "Seconds that a guest may be paused by a person", zh: "人为暂停允许持续的秒数" },
      default: 60,
      unit: "s",
      min: 5,
      max: 3_600,
    },
    start: {
      title: { en: "Seconds that a guest set to start by itself may take", zh: "自动启动的虚拟机允许的启动秒数" },
      default: 120,
      unit: "s",
      min: 10,
      max: 3_600,
    },
  },
  track: {
    paused: {
      windowMs: 3_600_000,
      sample: (subject, view) => ("from" in subject ? undefined : Number(nowOf(subject, view)?.state === "paused")),
    },
    /** Off, and nobody knows why: not started yet since the host or libvirt began. */
    unstarted: {
      windowMs: 3_600_000,
      sample: (subject, view) => ("from" in subject ? undefined : Number(wayOff(subject, view) === "unknown")),
    },
    /** 1 where it was last seen off by somebody's will. A libvirt that starts again knows no reason of any guest that is off, and starts none. */
    willed: {
      windowMs: 3_600_000,
      sample: (subject, view) => {
        const way = "from" in subject ? "unknown" : wayOff(subject, view);
        return way === "unknown" ? undefined : Number(way !== undefined && !shutOff.has(way));
      },
    },
  },
  sources: [
    "https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainState",
    "https://libvirt.org/manpages/virsh.html#domstate",
  ],
  lab: { case: "domain-not-running" },
  evaluate(subject, view) {
    const now = nowOf(subject, view);
    const state = now?.state;
    if (!now || state === undefined) return null;
    if (state === "running" || state === "idle" || state === "pmsuspended") return pass;
    const reason = now.reason ?? "unknown";
    const bad = {
      params: {
        vm: subject.name,
        state,
        reason,
        command: state === "paused" ? "resume" : "start",
        uuid: now.uuid,
      },
      evidence: [
        { command: commandLine(["virsh", "domstate", "--reason", subject.name]), excerpt: `${state} (${reason})` },
      ] as const,
    };
    if (state === "crashed") return { status: "fail", ...bad };
    if (state === "paused") {
      if (stoppedByError.has(reason)) return { status: "fail", ...bad };
      if (reason !== "user") return null;
      const long = lasting(view.samples("paused"), view.now) >= view.setting("paused") * 1000;
      return long ? { status: "warn", cuts: true, ...bad } : null;
    }
    if (state !== "shut off") return null;
    if (reason === "crashed" || reason === "failed") return { status: "fail", ...bad };
    const domain = view.factOrAbsent("libvirt-domains")?.find((one) => one.uuid === now.uuid);
    if (domain?.autostart !== true || !shutOff.has(reason)) return null;
    if (reason === "unknown") {
      if (view.samples("willed").at(-1)?.value === 1) return null;
      if (lasting(view.samples("unstarted"), view.now) < view.setting("start") * 1000) return null;
    }
    return { status: "warn", cuts: true, ...bad };
  },
});

const stoppedByError: ReadonlySet<string> = new Set([
  "I/O error",
  "watchdog",
  "crashed",
  "post-copy failed",
  "api error",
]);
/** Ways of being off that somebody who set autostart would not expect to last. An orderly shutdown is somebody's will, of the guest's administrator or the host's. */
const shutOff: ReadonlySet<string> = new Set(["unknown", "destroyed", "daemon"]);

const nowOf = (subject: GraphNode, view: View) =>
  view.factOrAbsent("libvirt-state")?.find((one) => one.uuid === subject.attributes.uuid);

/** libvirt's reason why the guest is off; undefined while it is not. */
function wayOff(subject: GraphNode, view: View): string | undefined {
  const now = nowOf(subject, view);
  return now?.state === "shut off" ? (now.reason ?? "unknown") : undefined;
}
