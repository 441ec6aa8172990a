import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass, unknown } from "../define";
import { commandLine, linkEvidence } from "../evidence";
import { definitionUnread } from "../unjudged";

/**
 * The virtual cable of a running guest is pulled: as libvirt's live definition tells, or at the host's end, where a TAP has lost its carrier though QEMU holds it open (`ip link set carrier
 * off`, TUNSETCARRIER). A guest that is off has no cable to pull, and a TAP that nobody holds is `tap-no-process`. QEMU's own `set_link` leaves the TAP's carrier on and is in no argument and
 * in no file: pulled by the monitor behind libvirt's back, or of a plain QEMU process, it cannot be seen from the host, so a plain guest whose TAP has carrier is not judged.
 */
export const check = defineCheck({
  id: "vnic-link-down",
  layer: "tap",
  title: { en: "Guest's virtual cable is pulled", zh: "虚拟机的虚拟网线被拔出" },
  message: {
    en: "The virtual cable of {vm}'s NIC {mac} ({tap}) is pulled: {how}",
    zh: "{vm} 的网卡 {mac}（{tap}）的虚拟网线已被拔出：{how}",
  },
  expected: { en: "The virtual link of {mac} is up while {vm} runs", zh: "{vm} 运行时 {mac} 的虚拟链路为 up" },
  repair: {
    en: "Plug it in: virsh domif-setlink {vm} {mac} up; where the TAP has lost its carrier: ip link set dev {tap} carrier on. If it comes back down at the next start, remove <link state='down'/> by virsh edit {vm}.",
    zh: "重新插上：virsh domif-setlink {vm} {mac} up；若 TAP 失去载波：ip link set dev {tap} carrier on。若下次启动后又断开，用 virsh edit {vm} 删除 <link state='down'/>。",
  },
  explain: {
    en: "The guest sees NO-CARRIER on its card though everything on the host is well. Only a person or a program pulls a virtual cable: maintenance that was not ended, a script, an isolation. Seen in libvirt's live definition and by the carrier of the guest's TAP. A cable that QEMU's own monitor pulled (set_link) leaves no trace on the host: look inside the guest.",
    zh: "主机侧一切正常，但虚拟机看到的网卡是 NO-CARRIER。只有人或程序会拔虚拟网线：未结束的维护、脚本或隔离操作。依据是 libvirt 的运行时定义和虚拟机 TAP 的载波。通过 QEMU 监视器（set_link）拔出的网线在主机上没有痕迹：请在虚拟机内查看。",
  },
  needs: ["libvirt-domains"],
  optional: ["qemu-proc"],
  subjects: ["vnic"],
  sources: [
    "https://libvirt.org/formatdomain.html#modifying-virtual-link-state",
    "https://www.libvirt.org/manpages/virsh.html#domif-setlink",
  ],
  lab: { case: "vnic-link-down" },
  evaluate(vnic, view) {
    const cable = view.graph.towardsWire(vnic.id).filter((edge) => edge.kind === "tap-vnic");
    if (cable.length === 0) return null;
    const { link, vm, mac, type } = vnic.attributes;
    const tap = cable[0] && view.graph.node(cable[0].from);
    const said = link === "down";
    if (!said && !(tap && isDead(tap, vnic, view))) {
      if (link !== undefined) return pass;
      if (view.factOrAbsent("libvirt-domains") === undefined) return null;
      return type === "unknown" ? unknown(definitionUnread) : null;
    }
    const name = String(vm);
    const port = tap?.name ?? "-";
    return {
      status: "fail",
      params: {
        vm: name,
        mac: String(mac ?? port),
        tap: port,
        how: said
          ? { en: "link state down", zh: "链路状态为 down" }
          : { en: "QEMU holds the TAP open, yet it has no carrier", zh: "QEMU 打开着该 TAP，但它没有载波" },
        end: said ? "libvirt" : "tap",
      },
      evidence: [
        said || !tap
          ? { command: commandLine(["virsh", "domif-getlink", name, port]), excerpt: `${port} down` }
          : linkEvidence(tap),
      ],
      breaks: cable.map((edge) => edge.id),
    };
  },
});

/** Up, without carrier, and held open by the guest: a plain process that ended leaves a persistent TAP behind, so its descriptors have to tell. */
function isDead(tap: GraphNode, vnic: GraphNode, view: CheckView<"libvirt-domains">): boolean {
  if (tap.kind !== "tap" || tap.attributes.up !== true || tap.attributes.carrier !== false) return false;
  if (vnic.attributes.link !== undefined) return true;
  return (view.factIfRead("qemu-proc") ?? []).some((process) => process.taps?.some((one) => one.ifname === tap.name));
}
