import type { Remedy } from "./define";
import { refuse } from "./refusals";
import { oneStep, ownNode } from "./subject";

const mac = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** Gives the bridge its uplink's MAC as a chosen one, which it then keeps. */
export const remedy: Remedy = {
  id: "pin-bridge-mac",
  title: { en: "Pin the bridge's MAC", zh: "固定网桥 MAC" },
  checks: ["bridge-mac-unstable"],
  makes: ["mac-address"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_stp_if.c",
  ],
  plan(context) {
    const bridge = ownNode(context);
    if ("refused" in bridge) return bridge;
    const { pin, mac: now } = context.finding.params;
    if (typeof pin !== "string" || typeof now !== "string" || !mac.test(pin) || !mac.test(now))
      return refuse({ en: "the finding names no MAC to pin", zh: "该发现没有指出要固定的 MAC" });
    return oneStep(
      {
        says: { en: `MAC of ${bridge.name}: ${pin}`, zh: `${bridge.name} 的 MAC 设为 ${pin}` },
        change: { kind: "mac-address", device: bridge.name, to: pin, was: now },
      },
      {
        en: "The host's own address changes its MAC once: neighbours may need some seconds. Guests are not touched.",
        zh: "主机自身地址的 MAC 会改变一次：邻居可能需要数秒。虚拟机不受影响。",
      },
    );
  },
};
