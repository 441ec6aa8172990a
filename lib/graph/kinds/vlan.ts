import { type Plain, term, vlan } from "../attributes";
import { interfaceAttributes } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "VLAN", zh: "VLAN" },
  lane: { lane: "vlan", behindBridge: "port" },
  links: { infoKind: "vlan" },
  holdsAddresses: true,
  attributes: {
    ...interfaceAttributes,
    vlan: vlan<Plain>({ en: "VLAN", zh: "VLAN" }),
    protocol: term<Plain>({ en: "Tag protocol", zh: "标签协议" }),
  },
});
