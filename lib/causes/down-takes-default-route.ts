import type { CauseRule } from "./define";

/** The kernel drops the routes of an interface that is set down: the default route went with the interface that has the host's address. */
export const rule: CauseRule = {
  id: "down-takes-default-route",
  cause: ["nic-admin-down", "bond-down", "bridge-down"],
  effect: ["gateway-missing"],
  lab: { case: "bridge-down" },
  links(cause, _effect, graph) {
    const node = graph.node(cause.subject);
    return node?.attributes.up === false && Array.isArray(node.attributes.addresses);
  },
};
