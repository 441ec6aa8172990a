import { interfaceAttributes, ofGuest } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "macvtap", zh: "macvtap" },
  lane: "tap",
  links: { infoKind: "macvtap" },
  folds: true,
  attributes: { ...interfaceAttributes, ...ofGuest },
});
