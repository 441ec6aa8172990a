import { defineCheck, pass } from "../define";
import { commandLine, linkEvidence } from "../evidence";

/**
 * The kernel has the TAP on one bridge, the guest's definition names another that is there as well. A bridge that is only a name to us (Open vSwitch's fake bridges, one that was renamed)
 * decides nothing. A TAP on no bridge at all is `tap-not-enslaved`.
 */
export const check = defineCheck({
  id: "tap-wrong-bridge",
  layer: "tap",
  title: { en: "Guest's TAP is on the wrong bridge", zh: "虚拟机的 TAP 接在错误的网桥上" },
  message: {
    en: "{tap} of {vm} is on {actual}, its definition says {bridge}",
    zh: "{vm} 的 {tap} 接在 {actual} 上，而其定义要求接入 {bridge}",
  },
  expected: { en: "{tap} is a port of {bridge}", zh: "{tap} 是 {bridge} 的端口" },
  repair: {
    en: "Move it: ip link set {tap} master {bridge} (Open vSwitch: ovs-vsctl del-port {tap}, then add-port {bridge} {tap}). If {actual} is where it belongs, change the definition: virsh edit {vm}.",
    zh: "移动它：ip link set {tap} master {bridge}（Open vSwitch：ovs-vsctl del-port {tap}，再 add-port {bridge} {tap}）。若 {actual} 才是正确位置，则修改定义：virsh edit {vm}。",
  },
  explain: {
    en: "Another bridge is another network: the guest's address does not fit there, its gateway is not there, and it may see frames that are not meant for it.",
    zh: "另一个网桥就是另一个网络：虚拟机的地址与之不符，网关不在那里，还可能看到不该看到的帧。",
  },
  needs: ["ip-link", "libvirt-domains"],
  subjects: ["tap"],
  sources: [
    "https://libvirt.org/formatdomain.html#bridge-to-lan",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
  ],
  lab: { case: "tap-wrong-bridge" },
  evaluate(subject, view) {
    const ports = view.graph
      .towardsWire(subject.id)
      .filter((edge) => edge.kind === "bridge-port" || edge.kind === "ovs-port");
    const now = ports.find((edge) => edge.present);
    if (!now) return null;
    view.factOrAbsent("libvirt-domains");
    const { vm } = subject.attributes;
    if (typeof vm !== "string") return null;
    const wanted = ports.find((edge) => !edge.present);
    const right = wanted && view.graph.node(wanted.from);
    if (!wanted || !right) return pass;
    const holder = view.graph.node(now.from);
    const actual = holder?.kind === "ovs-port" ? holder.attributes.bridge : holder?.name;
    if (typeof actual !== "string" || actual === right.name) return pass;
    const nics = view.graph.towardsGuest(subject.id).flatMap((edge) => view.graph.node(edge.to) ?? []);
    return {
      status: "fail",
      params: { tap: subject.name, vm, actual, bridge: right.name },
      evidence: [
        linkEvidence(subject),
        {
          command: commandLine(["virsh", "domiflist", vm]),
          excerpt: nics
            .map((nic) =>
              [subject.name, nic.attributes.type, right.name, nic.attributes.model, nic.attributes.mac]
                .map((part) => String(part ?? "-"))
                .join("  "),
            )
            .concat(nics.length === 0 ? [`${subject.name}  ${right.name}`] : [])
            .join("\n"),
        },
      ],
      // It may reach somebody over there, but nobody of its own network.
      breaks: [now.id, wanted.id],
      cuts: false,
    };
  },
});
