import { defineCheck, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { bondHost, edit, unread } from "../testing";

/** The virtual cable of a running guest is pulled, as libvirt's live definition tells. A guest that is off has no cable to pull. What is pulled by QEMU's monitor behind libvirt's back is not seen. */
export const check = defineCheck({
  id: "vnic-link-down",
  layer: "tap",
  title: { en: "Guest's virtual cable is pulled", zh: "虚拟机的虚拟网线被拔出" },
  message: {
    en: "The virtual cable of {vm}'s NIC {mac} ({tap}) is pulled: link state down",
    zh: "{vm} 的网卡 {mac}（{tap}）的虚拟网线已被拔出：链路状态为 down",
  },
  expected: { en: "The virtual link of {mac} is up while {vm} runs", zh: "{vm} 运行时 {mac} 的虚拟链路为 up" },
  repair: {
    en: "Plug it in: virsh domif-setlink {vm} {mac} up. If it comes back down at the next start, remove <link state='down'/> by virsh edit {vm}.",
    zh: "重新插上：virsh domif-setlink {vm} {mac} up。若下次启动后又断开，用 virsh edit {vm} 删除 <link state='down'/>。",
  },
  explain: {
    en: "The guest sees NO-CARRIER on its card though everything on the host is well. Only a person or a program pulls a virtual cable: maintenance that was not ended, a script, an isolation.",
    zh: "主机侧一切正常，但虚拟机看到的网卡是 NO-CARRIER。只有人或程序会拔虚拟网线：未结束的维护、脚本或隔离操作。",
  },
  needs: ["libvirt-domains"],
  subjects: ["vnic"],
  reach: "neighbours",
  remedy: "plug-in",
  sources: [
    "https://libvirt.org/formatdomain.html#modifying-virtual-link-state",
    "https://www.libvirt.org/manpages/virsh.html#domif-setlink",
  ],
  lab: { case: "vnic-link-down" },
  evaluate(vnic, view) {
    const cable = view.graph.towardsWire(vnic.id).filter((edge) => edge.kind === "tap-vnic");
    if (cable.length === 0) return null;
    const { link, vm, mac, type } = vnic.attributes;
    if (link === undefined) {
      if (view.factOrAbsent("libvirt-domains") === undefined) return null;
      return type === "unknown" ? unknown("the guest's definition was not read since it started") : null;
    }
    if (link !== "down") return pass;
    const name = String(vm);
    const tap = (cable[0] && view.graph.node(cable[0].from)?.name) ?? "-";
    return {
      status: "fail",
      params: { vm: name, mac: String(mac ?? tap), tap },
      evidence: [{ command: commandLine(["virsh", "domif-getlink", name, tap]), excerpt: `${tap} down` }],
      breaks: cable.map((edge) => edge.id),
    };
  },
  examples: {
    bad: [
      {
        name: "pulled on a running guest",
        expect: "fail",
        facts: pulled(),
        subject: "vnic/web-01/52:54:00:5b:00:01",
      },
    ],
    good: [
      { name: "plugged in", expect: "pass", facts: bondHost(), subject: "vnic/web-01/52:54:00:5b:00:01" },
      {
        name: "the guest is off",
        expect: "not-applicable",
        facts: edit(pulled(), "libvirt-state", (all) =>
          all.map((one) => ({ ...one, state: "shut off" as const, interfaces: [] })),
        ),
        subject: "vnic/web-01/52:54:00:5b:00:01",
      },
    ],
    unknown: [
      {
        name: "started since the definitions were read last",
        expect: "unknown",
        facts: edit(bondHost(), "libvirt-domains", () => []),
        subject: "vnic/web-01/net0",
      },
      {
        name: "libvirt did not answer",
        expect: "unknown",
        facts: unread(unread(bondHost(), "libvirt-domains"), "libvirt-state"),
        subject: "host/self",
      },
    ],
  },
});

function pulled() {
  return edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first
      ? [{ ...first, interfaces: first.interfaces.map((nic) => ({ ...nic, link: "down" as const })) }, ...rest]
      : undefined,
  );
}
