import { Mac, Uuid } from "../changes/shapes";
import type { Remedy } from "./define";
import { gone, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Plugs the virtual cable of a running guest in again. By UUID and MAC: names may look like options. */
export const remedy: Remedy = {
  id: "plug-in",
  title: { en: "Plug the virtual cable in", zh: "插上虚拟网线" },
  checks: ["vnic-link-down"],
  makes: ["domain-link"],
  sources: ["https://www.libvirt.org/manpages/virsh.html#domif-setlink"],
  plan({ finding, graph }) {
    const vnic = graph.node(finding.subject);
    const vm = graph.node(graph.towardsGuest(finding.subject).find((edge) => edge.kind === "vnic-vm")?.to ?? "");
    if (!vnic || !vm) return gone(finding.subject);
    if (finding.params.end === "tap")
      return refuse({
        en: `the cable is plugged in at ${vm.name}'s end: it is its TAP that has no carrier, see the guide`,
        zh: `${vm.name} 一端的网线已插好：没有载波的是它的 TAP，请看说明`,
      });
    const { uuid } = vm.attributes;
    const { mac } = vnic.attributes;
    if (typeof uuid !== "string" || !Uuid.safeParse(uuid).success)
      return refuse({ en: `${vm.name} is no guest of libvirt's`, zh: `${vm.name} 不是 libvirt 的虚拟机` });
    if (typeof mac !== "string" || !Mac.safeParse(mac).success)
      return refuse({ en: `the MAC of ${vnic.name} is not known`, zh: `${vnic.name} 的 MAC 未知` });
    const twins = graph
      .ofKind("vnic")
      .filter((other) => other.attributes.vm === vm.name && other.attributes.mac === mac);
    if (twins.length > 1)
      return refuse({
        en: `${vm.name} has ${mac} twice: which of them is meant is unknown`,
        zh: `${vm.name} 有两个 ${mac}：无法判断指的是哪一个`,
      });
    return oneStep(
      {
        says: { en: `Plug in ${mac} of ${vm.name}`, zh: `插上 ${vm.name} 的 ${mac}` },
        change: { kind: "domain-link", uuid, mac, to: "up", was: "down" },
      },
      {
        en: "Only this guest notices: its card has carrier again.",
        zh: "只有该虚拟机会察觉：其网卡恢复载波。",
      },
    );
  },
};
