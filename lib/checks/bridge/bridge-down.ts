import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";

/** A bridge that is up and shows NO-CARRIER merely has no port in use (virbr0, docker0 when idle): no fault. Set down without any port: unused. */
export const check = defineCheck({
  id: "bridge-down",
  layer: "bridge",
  title: { en: "Bridge is set down", zh: "网桥被关闭" },
  message: {
    en: "{bridge} is down: its {ports} ports forward nothing",
    zh: "{bridge} 已关闭：其 {ports} 个端口不转发任何数据",
  },
  expected: { en: "{bridge} is up", zh: "{bridge} 处于启用状态" },
  repair: { en: "Set the bridge up: ip link set {bridge} up", zh: "启用网桥：ip link set {bridge} up" },
  explain: {
    en: "A bridge that is administratively down forwards no frame between its ports, and the host has no address on it.",
    zh: "被关闭的网桥不会在端口之间转发任何帧，主机也无法使用它上面的地址。",
  },
  needs: ["ip-link"],
  subjects: ["bridge"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html", "https://docs.kernel.org/networking/bridge.html"],
  lab: { case: "bridge-down" },
  evaluate(subject, view) {
    view.fact("ip-link");
    if (subject.attributes.up === true) return pass;
    const ports =
      view.graph.towardsGuest(subject.id).filter((edge) => edge.kind === "bridge-port").length +
      view.graph.towardsWire(subject.id).filter((edge) => edge.kind === "uplink").length;
    if (ports === 0) return null;
    return { status: "fail", params: { bridge: subject.name, ports }, evidence: [linkEvidence(subject)] };
  },
});
