import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { asLogged, isRecent, picker } from "../kernel-lines";

/**
 * AppArmor or SELinux turned down something that QEMU or libvirt wanted. Said of the guest where the profile carries its UUID (libvirt-<uuid>), else of the host. A denial that
 * is only logged (complain or permissive mode) is none, nor is any other program's.
 */
export const check = defineCheck({
  id: "security-module-denied",
  layer: "host",
  title: { en: "Security module denied QEMU or libvirt", zh: "安全模块拒绝了 QEMU 或 libvirt" },
  message: {
    en: "{name}: {module} denied {count} accesses in {minutes} min, last {operation} on {object} by {who}",
    zh: "{name}：{module} 在 {minutes} 分钟内拒绝了 {count} 次访问，最近一次是 {who} 对 {object} 的 {operation}",
  },
  expected: { en: "{module} lets {who} do what it needs", zh: "{module} 允许 {who} 完成所需操作" },
  repair: {
    en: "If {who} should have {object}: for AppArmor, add the rule to /etc/apparmor.d/local/ (abstractions/libvirt-qemu) and reload it; for SELinux, restore the label (restorecon -v {object}) or set the boolean that audit2why names. Do not switch the module off.",
    zh: "若 {who} 应可访问 {object}：AppArmor 在 /etc/apparmor.d/local/（abstractions/libvirt-qemu）中添加规则并重新加载；SELinux 恢复标签（restorecon -v {object}）或按 audit2why 设置布尔值。不要关闭安全模块。",
  },
  explain: {
    en: "libvirt fences each guest in with a profile of its own. What was not foreseen - a TAP helper, a disk in an unusual place, a hostdev - is denied, and QEMU only says that it failed.",
    zh: "libvirt 用独立的安全配置隔离每台虚拟机。未预料到的访问（TAP 辅助程序、非常规位置的磁盘、直通设备）会被拒绝，而 QEMU 只会报告失败。",
  },
  needs: ["kernel-log", "clock"],
  optional: ["security-log"],
  subjects: ["host", "vm"],
  settings: {
    window: {
      title: { en: "Minutes for which a denial is reported", zh: "拒绝事件的报告时长（分钟）" },
      default: 60,
      unit: "min",
      min: 1,
      max: 1_440,
    },
  },
  sources: [
    "https://libvirt.org/drvqemu.html#security-apparmor",
    "https://libvirt.org/drvqemu.html#security-selinux",
    "https://gitlab.com/apparmor/apparmor/-/wikis/AppArmor_Failures",
  ],
  lab: { case: "security-module-denied" },
  evaluate(subject, view) {
    const minutes = view.setting("window");
    const clock = view.fact("clock");
    const logged = inLog(view.fact("kernel-log")).flatMap(({ line, denial }) =>
      isRecent(line, clock, minutes) ? [denial] : [],
    );
    const denials = [...logged, ...audited(view, minutes)].filter((denial) => concerns(denial, subject, view));
    const last = denials.at(-1);
    if (!last) return subject.kind === "host" ? pass : null;
    return {
      status: "warn",
      params: {
        name: subject.name,
        module: last.module,
        count: denials.length,
        minutes,
        operation: last.operation,
        object: last.object,
        who: last.who,
      },
      evidence: [
        {
          command:
            "(dmesg; cat /var/log/audit/audit.log) 2>/dev/null | grep -E 'apparmor=\"DENIED\"|avc: *denied' | tail",
          excerpt: last.line.logged,
        },
      ],
    };
  },
});

interface Line {
  readonly text: string;
  /** As it is shown. */
  readonly logged: string;
}

interface Denial {
  readonly module: "AppArmor" | "SELinux";
  readonly operation: string;
  readonly object: string;
  readonly who: string;
  readonly uuid: string | undefined;
  readonly line: Line;
}

const ours =
  /^(?:libvirt-|libvirtd$|virtqemud$|virtnetworkd$|\/usr\/(?:s?bin|lib\/libvirt)\/(?:libvirtd|virtqemud|virt-aa-helper|qemu)|virt-aa-helper$)/;
const oursByDomain = /:(?:svirt(?:_tcg|_kvm_net)?_t|virtd_t|virtqemud_t|virtnetworkd_t|virtlogd_t):/;

/**
 * Denials that every start of a guest leaves on a healthy host: abilities that the kernel asks for first and does without, and looks at files that tell of other processes or of a Kerberos
 * that nobody uses.
 */
const isIdle = (field: (key: string) => string | undefined): boolean =>
  field("operation") === "capable"
    ? ["bpf", "perfmon", "sys_rawio"].includes(field("capname") ?? "")
    : field("denied_mask") === "r" && /^\/(?:proc|sys|etc\/gss)\//.test(field("name") ?? "");

/** The kernel writes fields as key="value", hexadecimal without quotes where the value has unusual bytes; it is then shown as it stands. */
function denialOf(line: Line): Denial | undefined {
  const { text } = line;
  const field = (key: string): string | undefined => {
    const match = new RegExp(`(?:^| )${key}=(?:"([^"]*)"|(\\S+))`).exec(text);
    return match?.[1] ?? match?.[2];
  };
  if (text.includes('apparmor="DENIED"')) {
    const profile = field("profile") ?? "";
    if (!ours.test(profile) || isIdle(field)) return undefined;
    return {
      module: "AppArmor",
      operation: field("operation") ?? "?",
      object: field("name") ?? field("capname") ?? "?",
      who: field("comm") ?? profile,
      uuid: /^libvirt-([0-9a-f-]{36})/.exec(profile)?.[1],
      line,
    };
  }
  const access = /avc: +denied +\{ ([^}]*) \}/.exec(text);
  if (!access || text.includes("permissive=1") || !oursByDomain.test(field("scontext") ?? "")) return undefined;
  return {
    module: "SELinux",
    operation: (access[1] ?? "?").trim(),
    object: field("path") ?? field("name") ?? "?",
    who: field("comm") ?? "?",
    uuid: undefined,
    line,
  };
}

const inLog = picker((line) => {
  const denial = denialOf({ text: line.text, logged: asLogged(line) });
  return denial && { line, denial };
});

/** With auditd, denials are in its log and not in the kernel's. Its times are the host's own. */
function audited(view: CheckView<"kernel-log" | "clock">, minutes: number): Denial[] {
  const since = view.fact("clock").epochMs / 1000 - minutes * 60;
  return (view.factIfRead("security-log") ?? []).flatMap(({ time, text }) =>
    time !== undefined && time >= since ? (denialOf({ text, logged: text }) ?? []) : [],
  );
}

/** The guest whose profile it is, where it is still here; everything else is the host's. */
function concerns(denial: Denial, subject: GraphNode, view: CheckView<"kernel-log" | "clock">): boolean {
  if (subject.kind === "vm") return denial.uuid !== undefined && denial.uuid === subject.attributes.uuid;
  return denial.uuid === undefined || !view.graph.ofKind("vm").some((vm) => vm.attributes.uuid === denial.uuid);
}
