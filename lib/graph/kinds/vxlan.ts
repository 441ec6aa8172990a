import { address, number, type Plain } from "../attributes";
import { interfaceAttributes } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "VXLAN", zh: "VXLAN" },
  lane: { lane: "vlan", behindBridge: "port" },
  links: { infoKind: "vxlan" },
  attributes: {
    ...interfaceAttributes,
    vni: number<Plain>({ en: "VXLAN number", zh: "VXLAN 编号" }),
    local: address<Plain>({ en: "Local end", zh: "本端" }),
    remote: address<Plain>({ en: "Remote end", zh: "对端" }),
    group: address<Plain>({ en: "Multicast group", zh: "组播组" }),
    port: number<Plain>({ en: "UDP port", zh: "UDP 端口" }),
  },
});
