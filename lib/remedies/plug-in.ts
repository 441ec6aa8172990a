import { Mac, Uuid } from "../changes/shapes";
import type { Remedy } from "./define";

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
    if (!vnic || !vm) return { refused: `${finding.subject} is no longer there` };
    if (finding.params.end === "tap")
      return {
        refused: `the cable is plugged in at ${vm.name}'s end: it is its TAP that has no carrier, see the guide`,
      };
    const { uuid } = vm.attributes;
    const { mac } = vnic.attributes;
    if (typeof uuid !== "string" || !Uuid.safeParse(uuid).success)
      return { refused: `${vm.name} is no guest of libvirt's` };
    if (typeof mac !== "string" || !Mac.safeParse(mac).success)
      return { refused: `the MAC of ${vnic.name} is not known` };
    const twins = graph
      .ofKind("vnic")
      .filter((other) => other.attributes.vm === vm.name && other.attributes.mac === mac);
    if (twins.length > 1) return { refused: `${vm.name} has ${mac} twice: which of them is meant cannot be told` };
    return {
      steps: [
        {
          says: { en: `Plug in ${mac} of ${vm.name}`, zh: `插上 ${vm.name} 的 ${mac}` },
          change: { kind: "domain-link", uuid, mac, to: "up", was: "down" },
        },
      ],
      affects: [vm.id],
      blinks: {
        en: "Only this guest notices: its card has carrier again.",
        zh: "只有该虚拟机会察觉：其网卡恢复载波。",
      },
      risk: "low",
      settleMs: 5_000,
      settleBecause: "5 s for the guest to notice its carrier and ask by ARP",
      probe: [vm.id],
    };
  },
};
