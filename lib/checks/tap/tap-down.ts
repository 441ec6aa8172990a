import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";
import { askOwner, standsStill } from "../guest-network";

/** Only the TAP of a running guest can fail so. Where the virtual cable is pulled on purpose, libvirt itself sets a macvtap down: that is `vnic-link-down`. */
export const check = defineCheck({
  id: "tap-down",
  layer: "tap",
  title: { en: "Guest's TAP is set down", zh: "虚拟机的 TAP 被关闭" },
  message: { en: "{tap} of {vm} is administratively down", zh: "{vm} 的 {tap} 被管理性关闭" },
  expected: { en: "{tap} is up while {vm} runs", zh: "{vm} 运行时 {tap} 处于启用状态" },
  repair: { en: "Set it up: ip link set {tap} up", zh: "启用它：ip link set {tap} up" },
  explain: {
    en: "The guest sees its link as up and gets no answer from anybody: its frames end in a closed TAP.",
    zh: "虚拟机看到的链路是正常的，却得不到任何响应：它的帧止于被关闭的 TAP。",
  },
  needs: ["ip-link", "libvirt-domains"],
  optional: ["qemu-proc"],
  subjects: ["tap", "macvtap"],
  sources: ["https://docs.kernel.org/networking/tuntap.html", "https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  lab: { case: "tap-down" },
  evaluate(subject, view) {
    if (subject.attributes.up === true) return pass;
    askOwner(subject, view);
    const { vm } = subject.attributes;
    if (typeof vm !== "string" || standsStill(subject, view.graph)) return null;
    const cable = view.graph.towardsGuest(subject.id).map((edge) => view.graph.node(edge.to)?.attributes.link);
    if (cable.includes("down")) return null;
    return {
      status: "fail",
      params: { tap: subject.name, vm },
      evidence: [linkEvidence(subject)],
      breaks: view.graph
        .towardsWire(subject.id)
        .filter((edge) => edge.present)
        .map((edge) => edge.id),
    };
  },
});
