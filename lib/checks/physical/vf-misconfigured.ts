import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { handedOver } from "./handed-over";
import { bridgedOver, cardsOfVfs, guestOf, macOfVf, runningDomains, vlanOf } from "./virtual-functions";

/**
 * A virtual function that serves a running guest (found by its PCI slot, or by the guest's MAC, which libvirt writes into it) has its link held down, checks the guest's frames for another
 * MAC than the guest's, or sits in another VLAN than the guest's definition says; or the host bridges guests over a function that checks for its own MAC alone. Functions that serve nobody
 * are not looked at; link state `auto` follows the cable. And a whole card that was handed to vfio-pci while the host's configuration still wants its interface in a bond or a bridge.
 */
export const check = defineCheck({
  id: "vf-misconfigured",
  layer: "physical",
  title: { en: "Virtual function or handed-over card is set wrong", zh: "虚拟功能（VF）或直通网卡配置错误" },
  message: {
    en: "{card} does not fit {whom}, which it is meant to serve: {wrong}",
    zh: "{card} 的配置与其服务对象 {whom} 不符：{wrong}",
  },
  expected: {
    en: "Its link state is auto or enable, its VLAN and MAC are those of the guest's definition; a card that a bond or bridge wants has a driver of the host",
    zh: "链路状态为 auto 或 enable，VLAN 和 MAC 与虚拟机定义一致；bond 或网桥需要的网卡由主机驱动",
  },
  repair: {
    en: "Link state: ip link set dev {nic} vf {vf} state auto. VLAN: make the vlan tag in virsh edit and ip link set dev {nic} vf {vf} vlan ID say the same; the switch port must carry it tagged. Spoof check: give the function the guest's MAC (ip link set dev {nic} vf {vf} mac MAC), or, where guests are bridged over it, ip link set dev {nic} vf {vf} spoofchk off trust on. Handed over: take {nic} out of the configuration of the bond or bridge, or out of the guest and back to its driver (virsh nodedev-reattach).",
    zh: "链路状态：ip link set dev {nic} vf {vf} state auto。VLAN：使 virsh edit 中的 vlan tag 与 ip link set dev {nic} vf {vf} vlan ID 一致；交换机端口必须以 tagged 方式承载。欺骗检查：把 VF 的 MAC 设为虚拟机的 MAC（ip link set dev {nic} vf {vf} mac MAC）；若在其上桥接虚拟机，则 ip link set dev {nic} vf {vf} spoofchk off trust on。已直通：从 bond 或网桥配置中移除 {nic}，或从虚拟机收回并交还原驱动（virsh nodedev-reattach）。",
  },
  explain: {
    en: "A virtual function goes round all bridges: link state, VLAN and MAC are set on the physical function. What is wrong there shows nowhere in the guest but as silence. Its spoof check drops, in the card, every frame whose source is not the function's own MAC: of a guest that has another one, and of all guests on a bridge over it. A card on vfio-pci has no interface on the host; a bond or bridge that wants it comes up without.",
    zh: "虚拟功能绕过所有网桥：链路状态、VLAN 和 MAC 都在物理功能上设置。那里配置错误，在虚拟机内只表现为不通。欺骗检查会在网卡内丢弃源 MAC 不是该 VF 自身 MAC 的所有帧：MAC 不同的虚拟机，以及桥接在其上的所有虚拟机。绑定到 vfio-pci 的网卡在主机上没有接口，需要它的 bond 或网桥会缺少成员。",
  },
  needs: ["ip-link", "libvirt-domains", "pci-net", "net-config"],
  optional: ["libvirt-state"],
  subjects: ["nic", "host"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://libvirt.org/formatdomain.html#pci-passthrough-hostdev",
    "https://github.com/iproute2/iproute2/blob/v6.1.0/ip/ipaddress.c",
    "https://docs.kernel.org/driver-api/vfio.html",
    "https://www.freedesktop.org/software/systemd/man/latest/systemd.net-naming-scheme.html",
  ],
  lab: {
    none: "no virtual NIC of the lab has virtual functions; the handed-over card is made, by nic-handed-over",
    capture: "e2e/captures/hardware/iproute2-6.1-ip-d-s-j-link-vf.json",
  },
  evaluate(subject, view) {
    if (subject.kind === "host") return handedOver(subject, view);
    const links = view.fact("ip-link");
    const vfs =
      links.find((one) => one.ifindex === subject.attributes.ifindex && one.ifname === subject.name)?.vfinfo_list ?? [];
    if (vfs.length === 0 || subject.attributes.netns !== undefined) return null;
    const running = runningDomains(view);
    const cards = cardsOfVfs(subject.name, vfs.length, view);
    let served = false;
    for (const vf of vfs) {
      const card = cards[Number(vf.vf)];
      const found = guestOf(vf, card?.slot, running) ?? bridgedOver(card?.interfaces[0], vf, view);
      if (!found) continue;
      served = true;
      if (!found.wrong) continue;
      return {
        status: found.wrong.dead ? "fail" : "warn",
        params: {
          card: `${subject.name} vf ${String(vf.vf)}`,
          whom: found.whom,
          nic: subject.name,
          vf: Number(vf.vf),
          vm: found.vm,
          wrong: found.wrong.what,
        },
        evidence: [
          {
            command: commandLine(["ip", "-d", "link", "show", "dev", subject.name]),
            excerpt: `vf ${String(vf.vf)} link/ether ${macOfVf(vf)}, vlan ${vlanOf(vf) ?? "none"}, spoof checking ${vf.spoofchk === true ? "on" : "off"}, link-state ${String(vf.link_state ?? "?")}`,
          },
        ],
        alsoOn: found.alsoOn,
        // The card itself is well; only those that it serves are cut off.
        cuts: false,
      };
    }
    return served ? pass : null;
  },
});
