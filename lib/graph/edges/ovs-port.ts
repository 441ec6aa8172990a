import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "OVS port", zh: "OVS 端口" },
  joins: "ovs-bridge -> ovs-port, and ovs-port -> tap|nic|bond|veth by its interface",
  carries: true,
  within: true,
  attributes: {},
});
