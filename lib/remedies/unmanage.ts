import type { Remedy } from "./define";
import { gone, likeAnOption, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Takes an interface out of NetworkManager's hands, where another manager has it too. */
export const remedy: Remedy = {
  id: "unmanage",
  title: { en: "Let NetworkManager leave it alone", zh: "让 NetworkManager 不再管理" },
  checks: ["managers-conflict"],
  makes: ["managed"],
  sources: ["https://networkmanager.dev/docs/api/latest/nmcli.html"],
  plan({ finding, graph }) {
    const node = graph.node(finding.subject);
    if (!node) return gone(finding.subject);
    if (typeof finding.params.managers !== "string" || !finding.params.managers.includes("NetworkManager"))
      return refuse({
        en: "neither of the two takes this at run time: change its configuration as the guide says",
        zh: "两者都无法在运行时调整：请按说明修改其配置",
      });
    // nmcli takes a device by its name only; one that reads like an option cannot be named safely.
    if (node.name.startsWith("-")) return likeAnOption(node.name);
    return oneStep(
      {
        says: { en: `NetworkManager leaves ${node.name} alone`, zh: `NetworkManager 不再管理 ${node.name}` },
        change: { kind: "managed", device: node.name, to: "no", was: "yes" },
      },
      {
        en: "NetworkManager may take its addresses off the interface when it lets go of it.",
        zh: "NetworkManager 放手时可能会移除它在该接口上配置的地址。",
      },
    );
  },
};
