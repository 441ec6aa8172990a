import type { Argv, Remedy } from "./define";

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const macForm = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** Plugs the virtual cable of a running guest in again. By UUID and MAC: names may look like options. */
export const remedy: Remedy = {
  id: "plug-in",
  title: { en: "Plug the virtual cable in", zh: "插上虚拟网线" },
  checks: ["vnic-link-down"],
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
    if (typeof uuid !== "string" || !uuidForm.test(uuid)) return { refused: `${vm.name} is no guest of libvirt's` };
    if (typeof mac !== "string" || !macForm.test(mac)) return { refused: `the MAC of ${vnic.name} is not known` };
    const twins = graph
      .ofKind("vnic")
      .filter((other) => other.attributes.vm === vm.name && other.attributes.mac === mac);
    if (twins.length > 1) return { refused: `${vm.name} has ${mac} twice: which of them is meant cannot be told` };
    const cable = (state: "up" | "down"): Argv => [
      "virsh",
      "-q",
      "-c",
      "qemu:///system",
      "domif-setlink",
      uuid,
      mac,
      state,
    ];
    return {
      steps: [
        {
          says: { en: `Plug in ${mac} of ${vm.name}`, zh: `插上 ${vm.name} 的 ${mac}` },
          do: cable("up"),
          undo: cable("down"),
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
