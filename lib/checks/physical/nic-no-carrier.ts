import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";
import { addressesOn, carriesOthers, routesOver } from "../usage";

/**
 * Only a NIC that something uses can fail by having no cable: one that is enslaved, carries a VLAN or tunnel, has an address or route, or has had carrier before.
 * A spare port without a cable is no fault, neither is a Wi-Fi card that is not associated.
 */
export const check = defineCheck({
  id: "nic-no-carrier",
  layer: "physical",
  title: { en: "NIC has no carrier", zh: "网卡无载波" },
  message: {
    en: "{nic} has no carrier: cable, transceiver or switch port is dead",
    zh: "{nic} 无载波：网线、光模块或交换机端口已失效",
  },
  expected: { en: "{nic} is up and has carrier (LOWER_UP)", zh: "{nic} 已启用且有载波（LOWER_UP）" },
  repair: {
    en: "Check the cable of {nic} (device {device}) up to its switch port (last seen by LLDP: {peer}): reseat the cable and the transceivers, look whether the switch port is shut down or err-disabled, then swap the cable.",
    zh: "检查 {nic}（设备 {device}）到交换机端口（LLDP 最后看到：{peer}）的线路：重新插拔网线和光模块，查看交换机端口是否被关闭或处于 err-disabled 状态，必要时更换网线。",
  },
  explain: {
    en: "Carrier is the electrical or optical link to the far end. The kernel shows NO-CARRIER when the driver reports that there is none; nothing below the NIC can mend that from the host.",
    zh: "载波表示与对端之间的电或光链路。驱动报告没有链路时，内核显示 NO-CARRIER；主机一侧无法修复，只能检查线路和对端。",
  },
  needs: ["ip-link", "ip-addr", "ip-route"],
  optional: ["sysfs-net"],
  subjects: ["nic", "veth"],
  sources: [
    "https://docs.kernel.org/networking/operstates.html",
    "https://man7.org/linux/man-pages/man7/netdevice.7.html",
  ],
  lab: { case: "nic-no-carrier" },
  evaluate(nic, view) {
    if (nic.kind === "veth" && nic.attributes.playsNic !== true) return null;
    if (nic.attributes.up !== true) return null;
    if (nic.attributes.carrier === true) return pass;
    if (view.factIfRead("sysfs-net")?.find((link) => link.ifname === nic.name)?.wireless) return null;
    const used =
      carriesOthers(nic, view.graph) ||
      nic.attributes.hadCarrier === true ||
      addressesOn(nic, view.fact("ip-addr")).length > 0 ||
      routesOver(nic, view.fact("ip-route")).length > 0;
    if (!used) return null;
    const cable = view.graph.towardsWire(nic.id).filter((edge) => edge.kind === "lldp");
    const upper = view.graph
      .towardsGuest(nic.id)
      .filter((edge) => edge.kind === "bond-member" || edge.kind === "uplink");
    const peer = cable[0] && view.graph.node(cable[0].from)?.name;
    return {
      status: "fail",
      params: { nic: nic.name, device: String(nic.attributes.device ?? "-"), peer: peer ?? "-" },
      evidence: [linkEvidence(nic)],
      breaks: (cable.length > 0 ? cable : upper).map((edge) => edge.id),
    };
  },
});
