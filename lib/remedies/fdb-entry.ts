import { onePlan, ownNode } from "./bridge-plan";
import type { Argv, Remedy } from "./define";

/** Deletes a forwarding entry that points elsewhere, so that the bridge learns by itself; gives a bridge that forgets at once its ageing time back. */
export const remedy: Remedy = {
  id: "fdb-entry",
  title: { en: "Delete the wrong entry", zh: "删除错误条目" },
  checks: ["fdb-static-wrong"],
  sources: [
    "https://man7.org/linux/man-pages/man8/bridge.8.html",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
  ],
  plan(context) {
    const node = ownNode(context);
    if ("refused" in node) return node;
    const { whom, to, state, vlan, bridge } = context.finding.params;
    if (whom === "*") {
      const set = (time: string): Argv => [
        "ip",
        "link",
        "set",
        "dev",
        node.name,
        "type",
        "bridge",
        "ageing_time",
        time,
      ];
      return onePlan(context, node, {
        says: { en: `Ageing time of ${node.name}: 300 s`, zh: `${node.name} 的老化时间设为 300 秒` },
        do: set("30000"),
        undo: set("0"),
      });
    }
    if (typeof whom !== "string" || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(whom))
      return { refused: "no MAC to delete" };
    const port = ["tap", "veth", "nic", "bond", "vlan", "vxlan", "other-link"] as const;
    const on = port
      .flatMap((kind) => context.graph.ofKind(kind))
      .find((one) => one.name === to && one.attributes.netns === undefined && one.attributes.master === bridge);
    if (!on) return { refused: `${String(to)} is no longer a port of ${String(bridge)}` };
    const entry = (verb: "add" | "del"): Argv => ["bridge", "fdb", verb, whom, "dev", on.name, "master"];
    const tag = typeof vlan === "number" ? ["vlan", String(vlan)] : [];
    return onePlan(context, node, {
      says: { en: `Delete the entry of ${whom} on ${on.name}`, zh: `删除 ${on.name} 上 ${whom} 的条目` },
      do: [...entry("del"), ...tag],
      // What was sticky or dynamic is learned again; only what was put there by hand comes back as it was.
      undo: [...entry("add"), state === "permanent" ? "permanent" : state === "static" ? "static" : "dynamic", ...tag],
    });
  },
};
