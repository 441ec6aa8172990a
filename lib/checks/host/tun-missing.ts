import { defineCheck, pass } from "../define";
import { healthySupport, withHost } from "../host-examples";
import { bondHost, edit, plainHost, unread } from "../testing";
import { deviceEvidence, hasGuests, moduleState } from "../virtual";

/**
 * QEMU cannot make a TAP without /dev/net/tun. Guests that run already hold theirs and go on. The device node is there on every Linux with udev even while the module is not
 * loaded (opening it loads the module), so only its absence is a fault; a host that has no guests needs none.
 */
export const check = defineCheck({
  id: "tun-missing",
  layer: "host",
  title: { en: "No TAP device can be made", zh: "无法创建 TAP 设备" },
  message: {
    en: "{device} is missing (module tun: {state}): no guest can start with a TAP",
    zh: "缺少 {device}（tun 模块：{state}）：虚拟机无法以 TAP 启动",
  },
  expected: { en: "{device} is a character device (10, 200)", zh: "{device} 是字符设备（10, 200）" },
  repair: {
    en: "Load the module: modprobe tun. If {device} is still missing, make it: mkdir -p /dev/net; mknod {device} c 10 200; chmod 666 {device}.",
    zh: "加载模块：modprobe tun。若 {device} 仍不存在，则创建：mkdir -p /dev/net; mknod {device} c 10 200; chmod 666 {device}。",
  },
  explain: {
    en: "The far end of a guest's virtual cable is a TAP, and QEMU asks /dev/net/tun for it. In containers and on cut-down kernels it is often missing. Guests that run keep theirs; the next one to start fails.",
    zh: "虚拟机虚拟网线的另一端是 TAP，由 QEMU 通过 /dev/net/tun 申请。在容器或精简内核中常常缺失。已运行的虚拟机不受影响，下一台启动的会失败。",
  },
  needs: ["virt-support", "libvirt-domains"],
  optional: ["qemu-proc"],
  subjects: ["host"],
  reach: "host",
  remedy: "load-module",
  sources: ["https://docs.kernel.org/networking/tuntap.html", "https://libvirt.org/formatdomain.html#bridge-to-lan"],
  lab: { case: "tun-missing" },
  evaluate(_subject, view) {
    const support = view.fact("virt-support");
    if (!hasGuests(view)) return null;
    const device = "/dev/net/tun";
    const node = support.files.find((file) => file.path === device);
    if (node?.type === "character special file") return pass;
    return {
      status: "fail",
      cuts: false,
      params: { device, state: moduleState(support, ["tun"]), module: "tun" },
      evidence: [deviceEvidence(support, device)],
    };
  },
  examples: {
    bad: [
      {
        name: "the device node is gone",
        expect: "fail",
        facts: edit(withHost(bondHost()), "virt-support", (all) => ({
          ...all,
          files: all.files.filter((file) => file.path !== "/dev/net/tun"),
        })),
        subject: "host/self",
      },
      {
        name: "a plain file in its place",
        expect: "fail",
        facts: edit(withHost(bondHost()), "virt-support", (all) => ({
          ...all,
          files: all.files.map((file) => (file.path === "/dev/net/tun" ? { ...file, type: "regular file" } : file)),
        })),
        subject: "host/self",
      },
    ],
    good: [
      { name: "device there", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
      {
        name: "module not loaded yet, device there",
        expect: "pass",
        facts: edit(withHost(bondHost()), "virt-support", () => ({ ...healthySupport, modules: [] })),
        subject: "host/self",
      },
      {
        name: "no guests here",
        expect: "not-applicable",
        facts: edit(withHost(plainHost()), "virt-support", () => ({ ...healthySupport, files: [] })),
        subject: "host/self",
      },
    ],
    unknown: [
      {
        name: "not read",
        expect: "unknown",
        facts: unread(withHost(bondHost()), "virt-support"),
        subject: "host/self",
      },
    ],
  },
});
