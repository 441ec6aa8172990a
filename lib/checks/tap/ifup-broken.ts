import type { GraphNode } from "../../graph/model";
import type { Param } from "../../wording";
import { type CheckView, defineCheck, type Evidence, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { judgeTapScripts } from "../tap-scripts";

type View = CheckView<"virt-support" | "qemu-proc">;

/** What QEMU says when its helper or its script did not do its work (net/tap.c, qemu-bridge-helper.c). */
const complaint =
  /bridge helper failed|failed to parse default acl|access denied by acl file|failed to create tun device|network script .* failed|could not launch network script|failed to launch bridge helper/i;

/**
 * What QEMU itself runs to plug a guest in: its scripts (/etc/qemu-ifup also where none is named), and qemu-bridge-helper with its list of bridges. Only what a guest on this host uses can be
 * broken: Debian ships the helper without setuid, and most hosts need none of this, for libvirt's daemon plugs its guests in by itself. root's QEMU needs no setuid, and the file capability
 * cap_net_admin does as well. What a script does is not looked at, nor what libvirt's session daemon asks of the helper (its QEMU gets the TAP ready made).
 */
export const check = defineCheck({
  id: "ifup-broken",
  layer: "tap",
  title: { en: "QEMU's network script or bridge helper is broken", zh: "QEMU 的网络脚本或网桥助手失效" },
  message: { en: "{vm} is plugged in by {file}: {why}", zh: "{vm} 通过 {file} 接入网络：{why}" },
  expected: {
    en: "{file} is there, may be executed, and allows the bridge",
    zh: "{file} 存在、可执行，并允许该网桥",
  },
  repair: {
    en: "A script: restore {file}, then chmod 755 {file}. The bridge helper: add a line allow BRIDGE to /etc/qemu/bridge.conf, and where QEMU does not run as root chmod u+s the helper (keep that by dpkg-statoverride). Then start {vm} anew.",
    zh: "脚本：恢复 {file}，然后 chmod 755 {file}。网桥助手：在 /etc/qemu/bridge.conf 中加入一行 allow 网桥名；若 QEMU 不以 root 运行，则对助手执行 chmod u+s（用 dpkg-statoverride 保留）。然后重新启动 {vm}。",
  },
  explain: {
    en: "QEMU without libvirt makes the TAP and leaves it to a script or a setuid helper to put it on a bridge. When that fails the guest does not start at all, or runs with a TAP that is on no bridge. Judged are the modes of the scripts and helpers that running QEMU processes name or use by default, for the user that runs them, and bridge.conf; not what a script does, and not guests of libvirt's session daemon.",
    zh: "没有 libvirt 时，QEMU 创建 TAP 后由脚本或 setuid 助手将其接入网桥。脚本失效时，虚拟机无法启动，或其 TAP 不在任何网桥上。检查运行中的 QEMU 进程指定或默认使用的脚本和助手的权限（按运行它们的用户判断）以及 bridge.conf；不检查脚本内容，也不检查 libvirt 会话守护进程的虚拟机。",
  },
  needs: ["virt-support", "qemu-proc"],
  optional: ["qemu-log"],
  subjects: ["vm"],
  sources: [
    "https://www.qemu.org/docs/master/system/invocation.html#hxtool-5",
    "https://wiki.qemu.org/Features/HelperNetworking",
  ],
  lab: { case: "ifup-broken" },
  evaluate(vm, view) {
    const failed = saidSo(vm, view);
    if (failed) return failed;
    if (vm.attributes.alive !== true) return null;
    const process = (view.factOrAbsent("qemu-proc") ?? []).find((one) => one.pid === vm.attributes.pid);
    if (!process || process.libvirt) return null;
    const support = view.factOrAbsent("virt-support");
    if (!support) return null;
    const judged = judgeTapScripts(process, support);
    if (judged.length === 0) return null;
    const bad = judged.find((one) => "why" in one);
    if (bad && "why" in bad) return broken(vm, bad.path, bad.why, bad.evidence);
    const unread = judged.find((one) => "unread" in one);
    return unread && "unread" in unread ? unknown(unread.unread) : pass;
  },
});

/** QEMU's own last words about a guest that is not running. */
function saidSo(vm: GraphNode, view: View) {
  if (vm.attributes.alive === true || vm.attributes.state === "paused") return undefined;
  const log = view.factIfRead("qemu-log")?.find((one) => one.domain === vm.name);
  const line = log?.lines.slice(-3).find((one) => complaint.test(one));
  if (line === undefined) return undefined;
  return {
    ...broken(vm, /script/.test(line) ? "/etc/qemu-ifup" : "qemu-bridge-helper", line.slice(0, 200), {
      command: commandLine(["tail", `/var/log/libvirt/qemu/${vm.name}.log`]),
      excerpt: line,
    }),
    status: "fail" as const,
  };
}

function broken(vm: GraphNode, path: string, why: Param, evidence: Evidence) {
  const list: [Evidence] = [evidence];
  return { status: "warn" as const, params: { vm: vm.name, file: path, why }, evidence: list };
}
