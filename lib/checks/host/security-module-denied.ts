import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { healthyClock, logLine, withHost } from "../host-examples";
import { asLogged, isRecent, picker } from "../kernel-lines";
import { bondHost, factsOf, unread, uuidOf } from "../testing";

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
  reach: "host",
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
  examples: {
    bad: [
      {
        name: "AppArmor: a guest's profile",
        expect: "warn",
        facts: logged(
          `audit: type=1400 audit(1767607920.123:45): apparmor="DENIED" operation="open" class="file" profile="libvirt-${uuidOf(1)}" name="/srv/images/web-01.qcow2" pid=871 comm="qemu-system-x86" requested_mask="r" denied_mask="r" fsuid=64055 ouid=0`,
        ),
        subject: "vm/web-01",
      },
      {
        name: "SELinux: a guest's process",
        expect: "warn",
        facts: logged(
          'audit: type=1400 audit(1767607920.123:46): avc:  denied  { read } for  pid=871 comm="qemu-kvm" name="web-01.qcow2" dev="dm-0" ino=12 scontext=system_u:system_r:svirt_t:s0:c1,c2 tcontext=unconfined_u:object_r:user_home_t:s0 tclass=file permissive=0',
        ),
        subject: "host/self",
      },
      {
        name: "in the audit log, a minute ago",
        expect: "warn",
        facts: { ...withHost(bondHost()), ...factsOf({ "security-log": [denied(939)] }) },
        subject: "vm/web-02",
      },
      {
        name: "AppArmor: libvirt itself",
        expect: "warn",
        facts: logged(
          'audit: type=1400 audit(1767607920.123:47): apparmor="DENIED" operation="exec" profile="libvirtd" name="/etc/libvirt/hooks/qemu" pid=540 comm="libvirtd" requested_mask="x" denied_mask="x" fsuid=0 ouid=0',
        ),
        subject: "host/self",
      },
    ],
    good: [
      {
        name: "in the audit log, yesterday",
        expect: "pass",
        facts: { ...withHost(bondHost()), ...factsOf({ "security-log": [denied(999 - 86_400)] }) },
        subject: "host/self",
      },
      {
        name: "what every start of a guest leaves on a healthy host",
        expect: "pass",
        facts: logged(
          `audit: type=1400 audit(1767607920.123:53): apparmor="DENIED" operation="capable" class="cap" profile="libvirtd" pid=540 comm="rpc-libvirtd" capability=39  capname="bpf"`,
          `audit: type=1400 audit(1767607920.123:54): apparmor="DENIED" operation="capable" class="cap" profile="libvirtd" pid=540 comm="rpc-libvirtd" capability=38  capname="perfmon"`,
          `audit: type=1400 audit(1767607920.123:55): apparmor="DENIED" operation="open" class="file" profile="libvirt-${uuidOf(1)}" name="/etc/gss/mech.d/" pid=871 comm="qemu-system-x86" requested_mask="r" denied_mask="r" fsuid=64055 ouid=0`,
          `audit: type=1400 audit(1767607920.123:56): apparmor="DENIED" operation="open" class="file" profile="libvirt-${uuidOf(1)}" name="/proc/540/cmdline" pid=871 comm="qemu-system-x86" requested_mask="r" denied_mask="r" fsuid=64055 ouid=0`,
        ),
        subject: "host/self",
      },
      { name: "nothing denied", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
      {
        name: "another program, and profiles being loaded",
        expect: "pass",
        facts: logged(
          'audit: type=1400 audit(1767607920.123:48): apparmor="DENIED" operation="open" profile="/usr/sbin/cups-browsed" name="/etc/x" pid=9 comm="cups-browsed" requested_mask="r" denied_mask="r"',
          `audit: type=1400 audit(1767607920.123:49): apparmor="STATUS" operation="profile_load" profile="unconfined" name="libvirt-${uuidOf(1)}" pid=540 comm="apparmor_parser"`,
        ),
        subject: "host/self",
      },
      {
        name: "only logged: complain and permissive mode",
        expect: "pass",
        facts: logged(
          'audit: type=1400 audit(1767607920.123:50): apparmor="ALLOWED" operation="open" profile="libvirtd" name="/etc/x" pid=540 comm="libvirtd" requested_mask="r" denied_mask="r"',
          'audit: type=1400 audit(1767607920.123:51): avc:  denied  { read } for  pid=871 comm="qemu-kvm" name="x" scontext=system_u:system_r:svirt_t:s0 tcontext=system_u:object_r:etc_t:s0 tclass=file permissive=1',
        ),
        subject: "host/self",
      },
      {
        name: "another guest's",
        expect: "not-applicable",
        facts: logged(
          `audit: type=1400 audit(1767607920.123:52): apparmor="DENIED" operation="open" profile="libvirt-${uuidOf(1)}" name="/x" pid=871 comm="qemu-system-x86" requested_mask="r" denied_mask="r"`,
        ),
        subject: "vm/web-02",
      },
    ],
    unknown: [
      {
        name: "the log may not be read",
        expect: "unknown",
        facts: unread(withHost(bondHost()), "kernel-log", "refused", ""),
        subject: "host/self",
      },
    ],
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

function logged(...texts: readonly string[]) {
  return {
    ...withHost(bondHost()),
    ...factsOf({ "kernel-log": texts.map((text, at) => logLine(healthyClock.uptimeSeconds - 300 + at, text, 5)) }),
  };
}

function denied(time: number) {
  return {
    time,
    text: `type=AVC msg=audit(${time}.123:456): apparmor="DENIED" operation="open" profile="libvirt-${uuidOf(2)}" name="/srv/x.img" comm="qemu-system-x86"`,
  };
}
