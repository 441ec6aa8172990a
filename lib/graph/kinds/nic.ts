import { flag } from "../attributes";
import { interfaceAttributes } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "NIC", zh: "网卡" },
  lane: "nic",
  links: "device",
  holdsAddresses: true,
  isWire: true,
  isTrunk: true,
  attributes: {
    ...interfaceAttributes,
    hadCarrier: flag({ en: "Had carrier", zh: "曾有载波" }),
  },
});
