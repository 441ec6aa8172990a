import { unnamedBridge } from "./bridged";
import type { Remedy } from "./define";
import { insertRule, noInsert, plainName } from "./rules";
import { oneStep } from "./subject";

/** Lets frames that a bridge forwards pass iptables, by a rule for this bridge. */
export const remedy: Remedy = {
  id: "bridged-allow",
  title: { en: "Let this bridge's frames pass", zh: "放行该网桥的帧" },
  checks: ["bridge-netfilter-drop"],
  makes: ["rule"],
  sources: ["https://man7.org/linux/man-pages/man8/iptables-extensions.8.html"],
  plan({ finding }) {
    const name = finding.params.bridge;
    if (typeof name !== "string" || !plainName(name)) return unnamedBridge;
    const refused = noInsert(finding.params);
    if (refused !== undefined) return refused;
    return oneStep(
      insertRule(
        { en: `Let frames bridged by ${name} pass FORWARD`, zh: `在 FORWARD 中放行 ${name} 桥接的帧` },
        "FORWARD",
        { in: name, out: name, only: "bridged" },
      ),
    );
  },
};
