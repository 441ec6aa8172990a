import type { Remedy } from "./define";
import { refuse } from "./refusals";
import { oneStep, ownNode } from "./subject";

/** Deletes a forwarding entry that points elsewhere, so that the bridge learns by itself; gives a bridge that forgets at once its ageing time back. */
export const remedy: Remedy = {
  id: "fdb-entry",
  title: { en: "Delete the wrong entry", zh: "删除错误条目" },
  checks: ["fdb-static-wrong"],
  makes: ["fdb", "bridge-option"],
  sources: [
    "https://man7.org/linux/man-pages/man8/bridge.8.html",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
  ],
  plan(context) {
    const node = ownNode(context);
    if ("refused" in node) return node;
    const { whom, to, state, vlan, bridge } = context.finding.params;
    if (whom === "*")
      return oneStep({
        says: { en: `Ageing time of ${node.name}: 300 s`, zh: `${node.name} 的老化时间设为 300 秒` },
        change: { kind: "bridge-option", device: node.name, option: "ageing_time", to: 30_000, was: 0 },
      });
    if (typeof whom !== "string" || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(whom))
      return refuse({ en: "the finding names no MAC to delete", zh: "该发现没有指出要删除的 MAC" });
    const port = ["tap", "veth", "nic", "bond", "vlan", "vxlan", "other-link"] as const;
    const on = port
      .flatMap((kind) => context.graph.ofKind(kind))
      .find((one) => one.name === to && one.attributes.netns === undefined && one.attributes.master === bridge);
    if (!on)
      return refuse({
        en: `${String(to)} is no longer a port of ${String(bridge)}`,
        zh: `${String(to)} 已不是 ${String(bridge)} 的端口`,
      });
    // What was sticky or dynamic is learned again; only what was put there by hand comes back as it was.
    const was = state === "permanent" || state === "static" ? state : "dynamic";
    const vid = typeof vlan === "number" ? { vid: vlan } : {};
    return oneStep({
      says: { en: `Delete the entry of ${whom} on ${on.name}`, zh: `删除 ${on.name} 上 ${whom} 的条目` },
      change: { kind: "fdb", device: on.name, mac: whom, ...vid, to: null, was },
    });
  },
};
