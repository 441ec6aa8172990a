import { inLanguage } from "../wording";
import { onePlan } from "./bridge-plan";
import type { Argv, Remedy } from "./define";

/** Makes the port that lacks it a member of the guest's VLAN: tagged on an uplink, PVID and untagged on the guest's own port. */
export const remedy: Remedy = {
  id: "bridge-vlan",
  title: { en: "Add the VLAN to the port", zh: "为端口添加 VLAN" },
  checks: ["bridge-vlan-missing"],
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  plan(context) {
    const { finding, graph } = context;
    const edge = graph.edge(finding.subject);
    const tap = edge && graph.node(edge.to);
    const bridge = edge && graph.node(edge.from);
    if (!edge || !tap || !bridge) return { refused: `${finding.subject} is no longer there` };
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
      return { refused: `${String(where)} is no port of ${bridge.name}` };
    if (typeof vlan !== "number" || vlan < 1 || vlan > 4094) return { refused: `${String(vlan)} is no VLAN` };
    const own = port === tap;
    const had = own ? /^PVID (\d+)$/.exec(what)?.[1] : undefined;
    const words = (verb: "add" | "del"): Argv => ["bridge", "vlan", verb, "dev", port.name, "vid", String(vlan)];
    if (own && /^PVID, not/.test(what))
      return onePlan(context, tap, {
        says: { en: `VLAN ${vlan} untagged on ${port.name}`, zh: `${port.name} 的 VLAN ${vlan} 设为不带标签` },
        do: [...words("add"), "pvid", "untagged"],
        undo: [...words("add"), "pvid"],
      });
    const add = onePlan(context, own ? tap : bridge, {
      says: { en: `Add VLAN ${vlan} to ${port.name}`, zh: `为 ${port.name} 添加 VLAN ${vlan}` },
      do: !own
        ? words("add")
        : had === undefined
          ? [...words("add"), "pvid", "untagged"]
          : [...words("add"), "untagged"],
      undo: words("del"),
    });
    if (had === undefined) return add;
    // A port has one PVID, but stays a member of the former VLAN: the guest would go on getting that one's broadcasts.
    const former = (verb: "add" | "del"): Argv => ["bridge", "vlan", verb, "dev", port.name, "vid", had];
    return {
      ...add,
      steps: [
        ...add.steps,
        {
          says: { en: `PVID of ${port.name}: ${vlan}`, zh: `${port.name} 的 PVID 设为 ${vlan}` },
          do: [...words("add"), "pvid", "untagged"],
          undo: [...former("add"), "pvid", "untagged"],
        },
        {
          says: { en: `Take ${port.name} out of VLAN ${had}`, zh: `将 ${port.name} 移出 VLAN ${had}` },
          do: former("del"),
          undo: [...former("add"), "untagged"],
        },
      ],
    };
  },
};
