import { inLanguage } from "../wording";
import type { Plan, Remedy } from "./define";
import { gone, refuse } from "./refusals";
import { nothingStops, oneStep } from "./subject";

/** Makes the port that lacks it a member of the guest's VLAN: tagged on an uplink, PVID and untagged on the guest's own port. */
export const remedy: Remedy = {
  id: "bridge-vlan",
  title: { en: "Add the VLAN to the port", zh: "为端口添加 VLAN" },
  checks: ["bridge-vlan-missing"],
  makes: ["vlan", "pvid"],
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  plan({ finding, graph }) {
    const edge = graph.edge(finding.subject);
    const tap = edge && graph.node(edge.to);
    const bridge = edge && graph.node(edge.from);
    if (!edge || !tap || !bridge) return gone(finding.subject);
    const { where, vlan } = finding.params;
    const what = inLanguage(finding.params.what ?? "", "en");
    const ports = [
      tap,
      ...graph
        .towardsWire(bridge.id)
        .filter((one) => one.kind === "uplink")
        .flatMap((one) => graph.node(one.from) ?? []),
    ];
    const port = ports.find((one) => one.name === where);
    if (!port || typeof port.attributes.netns === "string")
      return refuse({
        en: `${String(where)} is no port of ${bridge.name}`,
        zh: `${String(where)} 不是 ${bridge.name} 的端口`,
      });
    if (typeof vlan !== "number" || vlan < 1 || vlan > 4094)
      return refuse({ en: `${String(vlan)} is no VLAN`, zh: `${String(vlan)} 不是 VLAN` });
    const own = port === tap;
    const had = own ? /^PVID (\d+)$/.exec(what)?.[1] : undefined;
    const member = { kind: "vlan", device: port.name, vid: vlan } as const;
    if (own && /^PVID, not/.test(what))
      return oneStep({
        says: { en: `VLAN ${vlan} untagged on ${port.name}`, zh: `${port.name} 的 VLAN ${vlan} 设为不带标签` },
        change: { ...member, to: { pvid: true, untagged: true }, was: { pvid: true, untagged: false } },
      });
    const add: Plan["steps"][0] = {
      says: { en: `Add VLAN ${vlan} to ${port.name}`, zh: `为 ${port.name} 添加 VLAN ${vlan}` },
      change: { ...member, to: { pvid: own && had === undefined, untagged: own }, was: null },
    };
    if (had === undefined) return oneStep(add);
    // A port has one PVID, but stays a member of the former VLAN: the guest would go on getting that one's broadcasts.
    const former = Number(had);
    return {
      steps: [
        add,
        {
          says: { en: `PVID of ${port.name}: ${vlan}`, zh: `${port.name} 的 PVID 设为 ${vlan}` },
          change: { kind: "pvid", device: port.name, to: vlan, was: former },
        },
        {
          says: { en: `Take ${port.name} out of VLAN ${had}`, zh: `将 ${port.name} 移出 VLAN ${had}` },
          change: { ...member, vid: former, to: null, was: { pvid: false, untagged: true } },
        },
      ],
      blinks: nothingStops,
    };
  },
};
