import type { FactOf } from "../../probes/registry";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { deviceEvidence, moduleState, presence } from "../virtual";

type Process = FactOf<"qemu-proc">[number];

/**
 * Virtio NICs on TAPs without vhost_net: each frame goes through QEMU's main loop. On the host: the device is not there at all. On a guest: QEMU runs with KVM, has a virtio NIC on a TAP,
 * and holds no /dev/vhost-net. Emulated guests cannot use it and are not accused; nor is a guest whose XML asks for the other driver (`<driver name='qemu'/>`).
 */
export const check = defineCheck({
  id: "vhost-net-missing",
  layer: "host",
  title: { en: "Virtio without vhost_net", zh: "virtio 未使用 vhost_net" },
  message: {
    en: "{name}: virtio NICs run without vhost_net ({device}: {node}, module: {state})",
    zh: "{name}：virtio 网卡未使用 vhost_net（{device}：{node}，模块：{state}）",
  },
  expected: {
    en: "{device} is there and each QEMU process with a virtio NIC holds it open",
    zh: "{device} 存在，且每个带 virtio 网卡的 QEMU 进程都打开了它",
  },
  repair: {
    en: "modprobe vhost_net, and name it in /etc/modules-load.d so that it comes back after a boot. Then restart the guests of {name} one by one: a running QEMU does not take it up.",
    zh: "modprobe vhost_net，并写入 /etc/modules-load.d 以便重启后仍生效。然后逐台重启 {name} 的虚拟机：运行中的 QEMU 不会自动启用。",
  },
  explain: {
    en: "vhost_net moves a virtio NIC's frames inside the kernel. Without it QEMU carries each frame by itself: throughput falls to a fraction, and traffic stalls when QEMU is busy with something else.",
    zh: "vhost_net 在内核中搬运 virtio 网卡的帧。没有它，每一帧都由 QEMU 处理：吞吐大幅下降，QEMU 忙时流量会停顿。",
  },
  needs: ["virt-support", "qemu-proc"],
  optional: ["libvirt-domains"],
  subjects: ["host", "vm"],
  sources: [
    "https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options",
    "https://www.linux-kvm.org/page/UsingVhost",
  ],
  lab: { case: "vhost-net-missing" },
  evaluate(subject, view) {
    const support = view.fact("virt-support");
    const processes = view.fact("qemu-proc").filter(hasVirtio);
    const there = support.files.some((file) => file.path === device);
    const params = {
      name: subject.name,
      device,
      node: presence(there),
      state: moduleState(support, ["vhost_net"]),
      module: "vhost_net",
    };
    if (subject.kind === "host") {
      if (processes.length === 0) return null;
      if (there) return pass;
      return { status: "warn", params, evidence: [deviceEvidence(support, device)] };
    }
    // While the device is missing the host says so, once.
    if (!there) return null;
    const process = processes.find((one) => isOf(one, subject.attributes.uuid, subject.name));
    if (process?.accel !== "kvm" || process.devices === undefined) return null;
    const domain = view.factIfRead("libvirt-domains")?.find((one) => one.uuid === subject.attributes.uuid);
    if (domain?.interfaces.some((nic) => nic.driver === "qemu")) return null;
    if (process.devices.includes(device) || process.nics.some((nic) => nic.backend === "vhost-user")) return pass;
    return {
      status: "warn",
      params,
      evidence: [
        {
          command: commandLine(["ls", "-l", `/proc/${process.pid}/fd`]),
          excerpt: `no ${device}; held: ${process.devices.join(", ") || "no device"}`,
        },
      ],
    };
  },
});

const device = "/dev/vhost-net";

/** A virtio NIC whose frames come from a TAP: only those can use vhost_net. */
const hasVirtio = (process: Process): boolean =>
  process.nics.some(
    (nic) =>
      nic.model?.startsWith("virtio") === true &&
      (nic.backend === undefined || nic.backend === "tap" || nic.backend === "bridge"),
  );

const isOf = (process: Process, uuid: unknown, name: string): boolean =>
  typeof uuid === "string" && process.uuid !== undefined ? process.uuid === uuid : process.name === name;
