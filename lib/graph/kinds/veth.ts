import { interfaceAttributes, playsNic } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "veth", zh: "veth" },
  lane: "port",
  links: { infoKind: "veth" },
  attributes: { ...interfaceAttributes, playsNic },
});
