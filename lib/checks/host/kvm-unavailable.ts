import type { GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import { type CheckView, defineCheck, type Evidence, pass, type Verdict } from "../define";
import { commandLine } from "../evidence";
import { asLogged, picker } from "../kernel-lines";
import { deviceEvidence, hasGuests, moduleState, presence } from "../virtual";

type View = CheckView<"virt-support" | "libvirt-domains">;
type Domain = FactOf<"libvirt-domains">[number];

/**
 * Two faults under one name. The host has no /dev/kvm: guests that ask for KVM cannot start, others run emulated. Or a guest is defined as emulated (libvirt type `qemu`) though it is
 * of the host's own architecture: it works, many times slower. A guest of another architecture can only be emulated.
 */
export const check = defineCheck({
  id: "kvm-unavailable",
  layer: "host",
  title: { en: "No hardware virtualisation", zh: "没有硬件虚拟化" },
  message: {
    en: "{name} runs without hardware virtualisation ({device}: {node}, CPU flag: {flag}, module: {state})",
    zh: "{name} 没有使用硬件虚拟化（{device}：{node}，CPU 标志：{flag}，模块：{state}）",
  },
  expected: {
    en: "{device} is there and the guests of the host's own architecture use it",
    zh: "{device} 存在，且与主机同架构的虚拟机使用它",
  },
  repair: {
    en: "Without a CPU flag: switch on VT-x or AMD-V in the firmware (in a virtual machine: nested virtualisation in the hypervisor above). With a flag but without {device}: modprobe kvm_intel or kvm_amd. With both: change the domain's type from qemu to kvm (virsh edit).",
    zh: "若没有 CPU 标志：在固件中启用 VT-x 或 AMD-V（若主机本身是虚拟机，则在上层虚拟化平台启用嵌套虚拟化）。有标志但没有 {device}：modprobe kvm_intel 或 kvm_amd。两者都有：将域类型由 qemu 改为 kvm（virsh edit）。",
  },
  explain: {
    en: "KVM lets guests run on the CPU itself. Without it QEMU translates every instruction: guests are ten times slower and their network with them; guests that insist on KVM do not start at all.",
    zh: "KVM 让虚拟机直接在 CPU 上运行。没有它，QEMU 必须翻译每条指令：虚拟机及其网络会慢一个数量级；要求 KVM 的虚拟机则根本无法启动。",
  },
  needs: ["virt-support", "libvirt-domains"],
  optional: ["qemu-proc", "identity", "libvirt-state", "kernel-log"],
  subjects: ["host", "vm"],
  sources: ["https://docs.kernel.org/virt/kvm/index.html", "https://libvirt.org/formatdomain.html#general-metadata"],
  lab: { case: "kvm-unavailable" },
  evaluate: (subject, view) => (subject.kind === "host" ? judgeHost(subject, view) : judgeGuest(subject, view)),
});

const device = "/dev/kvm";

function judgeHost(subject: GraphNode, view: View): Verdict {
  const support = view.fact("virt-support");
  if (!hasGuests(view)) return null;
  if (support.files.some((file) => file.path === device)) return pass;
  const own = (view.factOrAbsent("libvirt-domains") ?? []).filter((domain) => isOwnArch(domain, view));
  const processes = view.factIfRead("qemu-proc") ?? [];
  const asks =
    own.some((domain) => domain.type === "kvm") ||
    processes.some((process) => !process.libvirt && process.accel === "kvm");
  return finding(subject.name, asks ? "fail" : "warn", view);
}

function judgeGuest(subject: GraphNode, view: View): Verdict {
  const domain = view.factOrAbsent("libvirt-domains")?.find((one) => one.uuid === subject.attributes.uuid);
  if (!domain || !subject.attributes.alive || !isOwnArch(domain, view)) return null;
  if (domain.type === "kvm") return pass;
  if (domain.type !== "qemu") return null;
  return finding(subject.name, "warn", view, {
    command: commandLine(["virsh", "dumpxml", domain.name]),
    excerpt: `<domain type='${domain.type}'>`,
  });
}

/** Only a guest of the CPU's own architecture could use it; where either is not known, x86 on x86 is taken for granted only by its name. */
function isOwnArch(domain: Domain, view: View): boolean {
  const machine = view.factIfRead("identity")?.machine ?? "x86_64";
  const arch = domain.arch ?? "";
  return arch === machine || (arch === "i686" && machine === "x86_64");
}

function finding(
  name: string,
  status: "fail" | "warn",
  view: View,
  more?: { command: string; excerpt: string },
): Verdict {
  const support = view.fact("virt-support");
  const module = support.cpuFlag === "vmx" ? "kvm_intel" : support.cpuFlag === "svm" ? "kvm_amd" : "-";
  const node = deviceEvidence(support, device);
  const flags = {
    command: "grep -owm1 -E 'vmx|svm' /proc/cpuinfo; lsmod | grep kvm",
    excerpt: `${support.cpuFlag ?? "no vmx, no svm"}; ${support.modules.filter((one) => one.startsWith("kvm")).join(", ") || "no kvm module"}`,
  };
  return {
    status,
    cuts: false,
    params: {
      name,
      device,
      node: presence(support.files.some((file) => file.path === device)),
      flag: support.cpuFlag ?? { en: "none", zh: "无" },
      state: moduleState(support, ["kvm_intel", "kvm_amd", "kvm"]),
      module,
    },
    evidence: [...(more ? [more] : []), node, flags, ...kernelSays(view)] as [Evidence, ...Evidence[]],
  };
}

const complains = /\b(?:kvm|vmx|svm)\b.*(?:disabled|no hardware support|not enabled|not supported)/i;
const complaints = picker((line) => (complains.test(line.text) ? line : undefined));

/** What the kernel said at boot, as long as its log still holds it: that the firmware switched the feature off stands nowhere else. */
function kernelSays(view: View): Evidence[] {
  const lines = complaints(view.factIfRead("kernel-log") ?? []).slice(-3);
  if (lines.length === 0) return [];
  return [{ command: "dmesg | grep -iwE 'kvm|vmx|svm'", excerpt: lines.map(asLogged).join("\n") }];
}
