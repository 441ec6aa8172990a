import { defineCheck, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { definitionUnread } from "../unjudged";

/**
 * Cards of the last century that QEMU imitates register by register. e1000e, igb and vmxnet3 are imitated as well, but are what one chooses for a guest that has no virtio driver: no fault.
 * Models that we do not know are none either.
 */
const slow = /^(e1000(-82540em|-82544gc|-82545em)?|rtl8139|ne2k_(pci|isa)|pcnet|i8255\w+|tulip|usb-net|lance|sungem)$/;

export const check = defineCheck({
  id: "vnic-model-slow",
  layer: "tap",
  title: { en: "Guest has a slow emulated NIC", zh: "虚拟机使用低速的模拟网卡" },
  message: {
    en: "{vm} has an emulated {model} NIC ({mac}); virtio is many times faster",
    zh: "{vm} 使用 {model} 网卡（{mac}）：逐寄存器模拟，而 virtio 快很多倍",
  },
  expected: { en: "A paravirtual card: model virtio", zh: "半虚拟化网卡：型号为 virtio" },
  repair: {
    en: "If {vm} has a virtio driver (every Linux does; Windows: virtio-win), change it for the next boot: virsh edit {vm}, <model type='virtio'/> at {mac}. The interface may get another name inside the guest.",
    zh: "若 {vm} 有 virtio 驱动（Linux 均有；Windows 需 virtio-win），在下次启动时更换：virsh edit {vm}，将 {mac} 处改为 <model type='virtio'/>。虚拟机内的接口名可能改变。",
  },
  explain: {
    en: "Each register access of an emulated NIC leaves the guest and enters QEMU: much CPU for little throughput, and one queue without vhost. It works, but it is slow.",
    zh: "模拟网卡每次访问寄存器都要退出虚拟机进入 QEMU：耗费大量 CPU 而吞吐很低，且只有单队列、没有 vhost。能用，但慢。",
  },
  needs: ["libvirt-domains"],
  optional: ["qemu-proc"],
  subjects: ["vnic"],
  sources: [
    "https://libvirt.org/formatdomain.html#setting-the-nic-model",
    "https://www.qemu.org/docs/master/system/devices/net.html",
  ],
  lab: { case: "vnic-model-slow" },
  evaluate(vnic, view) {
    if (!view.graph.towardsWire(vnic.id).some((edge) => edge.kind === "tap-vnic")) return null;
    const { model, vm, mac, type } = vnic.attributes;
    if (typeof model !== "string") {
      const domains = view.factOrAbsent("libvirt-domains");
      return domains !== undefined && type === "unknown" ? unknown(definitionUnread) : null;
    }
    if (!slow.test(model)) return pass;
    return {
      status: "warn",
      params: { vm: String(vm), model, mac: String(mac ?? "-") },
      evidence: [
        {
          command: commandLine(["virsh", "domiflist", String(vm)]),
          excerpt: [vnic.attributes.tap, type, vnic.attributes.bridge, model, mac]
            .map((part) => String(part ?? "-"))
            .join("  "),
        },
      ],
    };
  },
});
