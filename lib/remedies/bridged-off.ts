import { unnamedBridge } from "./bridged";
import type { Remedy } from "./define";
import { oneStep } from "./subject";

const key = "net.bridge.bridge-nf-call-iptables";

/** Hands bridged frames to iptables no more, on any bridge. Harsher than a rule for one bridge: it undoes what others have filtered on purpose. */
export const remedy: Remedy = {
  id: "bridged-off",
  title: { en: "Hand no bridged frames to iptables", zh: "不再把桥接帧交给 iptables" },
  checks: ["bridge-netfilter-drop"],
  makes: ["sysctl"],
  sources: ["https://wiki.libvirt.org/Net.bridge.bridge-nf-call_and_sysctl.conf.html"],
  plan({ finding }) {
    if (typeof finding.params.bridge !== "string") return unnamedBridge;
    return oneStep(
      {
        says: { en: `Set ${key} from 1 to 0`, zh: `将 ${key} 从 1 改为 0` },
        change: { kind: "sysctl", key, to: 0, was: 1 },
      },
      {
        en: "Rules that some program wrote for bridged frames (Kubernetes, security groups) no longer hold on any bridge.",
        zh: "其他程序为桥接帧编写的规则（Kubernetes、安全组）将在所有网桥上失效。",
      },
    );
  },
};
