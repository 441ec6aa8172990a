import { interfaceAttributes, ofGuest } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "TAP", zh: "TAP" },
  lane: "tap",
  links: { infoKind: "tun", type: "tap" },
  servesGuest: true,
  folds: true,
  attributes: { ...interfaceAttributes, ...ofGuest },
});
