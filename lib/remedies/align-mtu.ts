import { factIfRead } from "../facts/facts";
import type { Remedy } from "./define";
import { gone, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Sets the MTU that the finding asks for on the interface that it names: a bond's member, or a tunnel. */
export const remedy: Remedy = {
  id: "align-mtu",
  title: { en: "Align the MTU", zh: "对齐 MTU" },
  checks: ["bond-members-differ", "vxlan-underlay"],
  makes: ["mtu"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  plan({ finding, facts }) {
    const { link, needed } = finding.params;
    if (typeof link !== "string" || typeof needed !== "number")
      return refuse({
        en: "this is not about the MTU: see the finding's own guidance",
        zh: "此问题与 MTU 无关：请看该发现自身的说明",
      });
    const now = (factIfRead(facts, "ip-link") ?? []).find((one) => one.ifname === link);
    if (!now) return gone(link);
    if (now.mtu === needed)
      return refuse({ en: `${link} has an MTU of ${needed} already`, zh: `${link} 的 MTU 已经是 ${needed}` });
    return oneStep(
      {
        says: { en: `MTU of ${link}: ${needed}`, zh: `${link} 的 MTU 设为 ${needed}` },
        change: { kind: "mtu", device: link, to: needed, was: now.mtu },
      },
      {
        en: `Some cards restart their link for it: ${link} may be silent for a moment.`,
        zh: `部分网卡会因此重启链路：${link} 可能短暂中断。`,
      },
    );
  },
};
