import { defineCheck, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { definitionUnread } from "../unjudged";

/** An address that no station may have. The first octet's low bit says multicast; IEEE reserves nothing else that a bridge would refuse. Judged by the address: the bridge counts no such drops. */
export const check = defineCheck({
  id: "mac-invalid",
  layer: "tap",
  title: { en: "Guest's MAC address is invalid", zh: "虚拟机 MAC 地址无效" },
  message: {
    en: "{vm} has the MAC {mac}, which no station may have: replies to it are dropped",
    zh: "{vm} 的 MAC 地址 {mac} 不是合法的单播地址：发给它的回复会被丢弃",
  },
  expected: {
    en: "A unicast address that is not all zero; locally administered ones begin 02, 06, 0a, 0e, or 52:54:00 by QEMU's custom",
    zh: "非全零的单播地址；本地管理地址以 02、06、0a、0e 开头，QEMU 惯用 52:54:00",
  },
  repair: {
    en: "Give {vm} another MAC: virsh edit, change the address of this interface, then stop and start the guest.",
    zh: "为 {vm} 更换 MAC：用 virsh edit 修改该接口的地址，然后关闭并重新启动虚拟机。",
  },
  explain: {
    en: "The bridge discards frames whose source is a multicast or zero address and never learns it, so replies are flooded or dropped. No counter tells of it: the address itself is judged.",
    zh: "网桥会丢弃源地址为多播或全零的帧，也不会学习它，因此回复会被泛洪或丢弃。没有计数器反映这一点：直接按地址判断。",
  },
  needs: ["libvirt-domains"],
  optional: ["qemu-proc"],
  subjects: ["vnic"],
  sources: [
    "https://libvirt.org/formatdomain.html#mac-address",
    "https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/net/bridge/br_input.c",
  ],
  lab: { case: "mac-invalid" },
  evaluate(vnic, view) {
    const { mac, vm } = vnic.attributes;
    if (typeof mac !== "string") {
      if (vnic.attributes.type === "unknown") return unknown(definitionUnread);
      return view.factOrAbsent("libvirt-domains") === undefined ? null : pass;
    }
    const first = Number.parseInt(mac.slice(0, 2), 16);
    if (mac !== "00:00:00:00:00:00" && (first & 1) === 0) return pass;
    return {
      status: "fail",
      params: { vm: String(vm), mac },
      evidence: [
        {
          command: commandLine(["virsh", "domiflist", String(vm)]),
          excerpt: [vnic.attributes.tap, vnic.attributes.type, vnic.attributes.bridge, vnic.attributes.model, mac]
            .map((part) => String(part ?? "-"))
            .join("  "),
        },
      ],
    };
  },
});
