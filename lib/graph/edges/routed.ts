import { addresses, term } from "../attributes";
import { defineEdgeKind } from "./define";

/** The host's route from a network behind it (NAT, routed) to the interface by which its packets leave: see the pass `routed`. */
export const kind = defineEdgeKind({
  word: { en: "routed way", zh: "路由通路" },
  joins: "nic|bond|vlan|bridge|... -> bridge of a network whose packets the host routes: no frame passes",
  carries: false,
  within: false,
  isRouted: true,
  attributes: {
    mode: term({ en: "Mode", zh: "模式" }),
    gateways: addresses({ en: "Gateways", zh: "网关" }),
    lost: term<"route" | "forwarding">({ en: "Lost with", zh: "丢失原因" }),
  },
});
