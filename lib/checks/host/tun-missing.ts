import type { FactOf } from "../../probes/registry";
import type { Param } from "../../wording";
import { defineCheck, pass, unknown, type Verdict } from "../define";
import { deviceEvidence, hasGuests, mayUse, moduleState } from "../virtual";

type Support = FactOf<"virt-support">;
export type Process = FactOf<"qemu-proc">[number];

const device = "/dev/net/tun";

/** There while tun's driver is registered, as a module or built in. */
export const driver = {
  path: "/sys/devices/virtual/misc/tun",
  type: "directory",
  mode: "755",
  user: "root",
  group: "root",
};

/**
 * QEMU cannot make a TAP without /dev/net/tun. Guests that run already hold theirs and go on. The node is there on every Linux with udev even while the module is not loaded (opening it loads
 * the module), so a missing module is a fault only where the kernel can load none. libvirt's daemon opens the node as root, which no mode stops; a QEMU that makes its TAP by itself, or by
 * qemu-bridge-helper (it gives up its rights before it opens the node), needs the mode to allow its own user. A host that has no guests needs none. Not seen: access lists beside the mode,
 * a modprobe.d line that forbids the module, a device cgroup.
 */
export const check = defineCheck({
  id: "tun-missing",
  layer: "host",
  title: { en: "No TAP device can be made", zh: "无法创建 TAP 设备" },
  message: {
    en: "{device} is of no use: {problem} (module tun: {state}). The next guest that needs it cannot start with a TAP",
    zh: "{device} 不可用：{problem}（tun 模块：{state}）。下一台需要它的虚拟机无法以 TAP 启动",
  },
  expected: {
    en: "{device} is a character device (10, 200), its driver is there, and the user that runs QEMU may open it",
    zh: "{device} 是字符设备（10, 200），驱动可用，且运行 QEMU 的用户有权打开它",
  },
  repair: {
    en: "Load the module: modprobe tun. If {device} is still missing, make it: mkdir -p /dev/net; mknod {device} c 10 200; chmod 666 {device}. A wrong mode: chmod 666 {device}. A module that cannot be loaded after a kernel update: restart the host into the kernel that is installed.",
    zh: "加载模块：modprobe tun。若 {device} 仍不存在，则创建：mkdir -p /dev/net; mknod {device} c 10 200; chmod 666 {device}。权限错误：chmod 666 {device}。若更新内核后无法加载模块：重启主机进入已安装的内核。",
  },
  explain: {
    en: "The far end of a guest's virtual cable is a TAP, and QEMU asks /dev/net/tun for it. In containers and on cut-down kernels it is often missing. Guests that run keep theirs; the next one to start fails. A mode is judged for the users of QEMU processes that make their TAPs by themselves or by qemu-bridge-helper; libvirt's daemon is root. Access lists, lines of modprobe.d and device cgroups are not looked at.",
    zh: "虚拟机虚拟网线的另一端是 TAP，由 QEMU 通过 /dev/net/tun 申请。在容器或精简内核中常常缺失。已运行的虚拟机不受影响，下一台启动的会失败。权限按自行创建 TAP（或通过 qemu-bridge-helper）的 QEMU 进程的用户判断；libvirt 守护进程是 root。不检查访问控制列表、modprobe.d 和设备 cgroup。",
  },
  needs: ["virt-support", "libvirt-domains"],
  optional: ["qemu-proc"],
  subjects: ["host"],
  sources: ["https://docs.kernel.org/networking/tuntap.html", "https://libvirt.org/formatdomain.html#bridge-to-lan"],
  lab: { case: "tun-missing" },
  evaluate(_subject, view) {
    const support = view.fact("virt-support");
    if (!hasGuests(view)) return null;
    const node = support.files.find((file) => file.path === device);
    if (!node) return useless(support, "fail", { en: "it is missing", zh: "设备节点缺失" });
    if (node.type !== "character special file")
      return useless(support, "fail", { en: "it is no character device", zh: "不是字符设备" });
    const makers = (view.factIfRead("qemu-proc") ?? []).filter((process) => !process.libvirt && makesTap(process));
    const shut = makers.find((process) => mayUse(node, process.user, 6) === false);
    if (shut) {
      const { mode } = node;
      const who = `${shut.name ?? shut.pid}${shut.user ? ` (uid ${shut.user.uid})` : ""}`;
      return useless(support, "fail", {
        en: `mode ${mode} does not let ${who} open it`,
        zh: `权限 ${mode} 不允许 ${who} 打开`,
      });
    }
    if ((Number.parseInt(node.mode, 8) & 0o600) !== 0o600)
      return useless(support, "warn", {
        en: `mode ${node.mode} does not let even its owner open it`,
        zh: `权限 ${node.mode} 连所有者也无法打开`,
      });
    if (makers.some((process) => mayUse(node, process.user, 6) === undefined))
      return unknown({
        en: `mode ${node.mode} does not let every user open ${device}, and the user that runs QEMU was not read`,
        zh: `权限 ${node.mode} 不允许所有用户打开 ${device}，且未读取到 QEMU 的运行用户`,
      });
    if (atWork(support)) return pass;
    if (support.loadable === undefined)
      return unknown({
        en: "the driver of tun is not at work, and whether the module can be loaded was not read",
        zh: "tun 驱动未工作，且未读取到该模块能否加载",
      });
    return support.loadable.includes("tun")
      ? pass
      : useless(support, "fail", {
          en: "the kernel has no such driver and can load none",
          zh: "内核没有该驱动，也无法加载",
        });
  },
});

function useless(support: Support, status: "fail" | "warn", problem: Param): Verdict {
  return {
    status,
    cuts: false,
    params: { device, problem, state: moduleState(support, ["tun"]), module: "tun" },
    evidence: [deviceEvidence(support, device)],
  };
}

/** Whether the driver is registered: its own folder in sysfs tells for certain. */
const atWork = (support: Support): boolean =>
  support.files.some((file) => file.path === driver.path) ||
  support.modules.includes("tun") ||
  (support.builtin ?? []).includes("tun");

/** Opens the node by itself, or has a helper open it with its own rights. */
const makesTap = (process: Process): boolean =>
  process.nics.some((nic) => nic.backend === "bridge" || (nic.backend === "tap" && nic.fds.length === 0));
