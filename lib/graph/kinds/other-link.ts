import { interfaceAttributes } from "../interface-attributes";
import { defineNodeKind } from "./define";

/** An interface without a kind of its own here: loopback, dummy, tunnels, teams, VPNs. */
export const kind = defineNodeKind({
  word: { en: "interface", zh: "接口" },
  lane: { lane: "nic", behindBridge: "tap" },
  links: "other",
  attributes: interfaceAttributes,
});
