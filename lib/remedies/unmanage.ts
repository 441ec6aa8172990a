import type { Remedy } from "./define";

/** Takes an interface out of NetworkManager's hands, where another manager has it too. */
export const remedy: Remedy = {
  id: "unmanage",
  title: { en: "Let NetworkManager leave it alone", zh: "让 NetworkManager 不再管理" },
  checks: ["managers-conflict"],
  makes: ["managed"],
  sources: ["https://networkmanager.dev/docs/api/latest/nmcli.html"],
  plan({ finding, graph }) {
    const node = graph.node(finding.subject);
    if (!node) return { refused: `${finding.subject} is no longer there` };
    if (typeof finding.params.managers !== "string" || !finding.params.managers.includes("NetworkManager"))
      return { refused: "neither of the two can be told at run time: change its configuration as the guide says" };
    // nmcli takes a device by its name only; one that reads like an option cannot be named safely.
    if (node.name.startsWith("-")) return { refused: `nmcli cannot name ${node.name}` };
    return {
      steps: [
        {
          says: { en: `NetworkManager leaves ${node.name} alone`, zh: `NetworkManager 不再管理 ${node.name}` },
          change: { kind: "managed", device: node.name, to: "no", was: "yes" },
        },
      ],
      affects: [],
      blinks: {
        en: "NetworkManager may take its addresses off the interface when it lets go of it.",
        zh: "NetworkManager 放手时可能会移除它在该接口上配置的地址。",
      },
      // It may be the interface by which we reach the host; which manager's address that is, nobody says.
      risk: "management",
      settleMs: 10_000,
      settleBecause: "10 s for NetworkManager to let go",
      probe: [],
    };
  },
};
