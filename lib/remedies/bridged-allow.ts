import type { Remedy, Step } from "./define";
import { guestsBehind } from "./guests";
import { insertRule, noInsert, plainName } from "./rules";

const key = "net.bridge.bridge-nf-call-iptables";

/** Frees bridged frames from iptables: by a rule that lets them pass, or by not handing them over at all. */
export const remedy: Remedy = {
  id: "bridged-allow",
  title: { en: "Let bridged frames pass", zh: "放行桥接帧" },
  checks: ["bridge-netfilter-drop"],
  makes: ["rule", "sysctl"],
  sources: [
    "https://wiki.libvirt.org/Net.bridge.bridge-nf-call_and_sysctl.conf.html",
    "https://man7.org/linux/man-pages/man8/iptables-extensions.8.html",
  ],
  choices: ({ finding }) => [
    ...(noInsert(finding.params) === undefined
      ? [
          {
            id: "allow",
            label: `iptables -I FORWARD -i ${finding.params.bridge} -o ${finding.params.bridge} -j ACCEPT`,
          },
        ]
      : []),
    { id: "off", label: `${key} = 0` },
  ],
  plan({ finding, graph, choice }) {
    const name = finding.params.bridge;
    if (typeof name !== "string" || !plainName(name))
      return { refused: "the finding names no bridge that can be named safely" };
    if (choice !== "allow" && choice !== "off")
      return { refused: "choose how: a rule for this bridge, or no iptables for any" };
    const refused = choice === "allow" ? noInsert(finding.params) : undefined;
    if (refused !== undefined) return { refused };
    const step: Step =
      choice === "allow"
        ? insertRule(
            { en: `Let frames bridged by ${name} pass FORWARD`, zh: `在 FORWARD 中放行 ${name} 桥接的帧` },
            "FORWARD",
            { in: name, out: name, only: "bridged" },
          )
        : {
            says: { en: "Hand no bridged frames to iptables", zh: "不再把桥接帧交给 iptables" },
            change: { kind: "sysctl", key, to: 0, was: 1 },
          };
    const guests = guestsBehind(graph, finding.subject);
    return {
      steps: [step],
      affects: guests,
      blinks:
        choice === "allow"
          ? { en: "Nothing is interrupted.", zh: "不会中断任何流量。" }
          : {
              en: "Rules that some program wrote for bridged frames (Kubernetes, security groups) no longer hold on any bridge.",
              zh: "其他程序为桥接帧编写的规则（Kubernetes、安全组）将在所有网桥上失效。",
            },
      risk: "low",
      settleMs: 5_000,
      settleBecause: "5 s to read settings and rules again",
      probe: guests,
    };
  },
};
