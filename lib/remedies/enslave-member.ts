import { onePlan, ownNode } from "./bridge-plan";
import type { Remedy } from "./define";

/** Puts a NIC back into its bond. The kernel takes members only while they are down, and sets them up itself. */
export const remedy: Remedy = {
  id: "enslave-member",
  title: { en: "Put the member back into the bond", zh: "将成员重新加入绑定" },
  checks: ["bond-member-missing"],
  makes: ["up", "master"],
  sources: ["https://docs.kernel.org/networking/bonding.html", "https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  choices: ({ finding }) =>
    String(finding.params.members ?? "")
      .split(", ")
      .filter((name) => name !== "")
      .map((name) => ({ id: name, label: name })),
  plan(context) {
    const bond = ownNode(context);
    if ("refused" in bond) return bond;
    const names = String(context.finding.params.members ?? "").split(", ");
    const wanted = context.choice ?? (names.length === 1 ? names[0] : undefined);
    if (wanted === undefined || !names.includes(wanted)) return { refused: "choose which member to put back" };
    const nic = context.graph.ofKind("nic").find((one) => one.name === wanted && one.attributes.netns === undefined);
    if (!nic) return { refused: `${wanted} is not on this host: look for its card and driver` };
    if (typeof nic.attributes.master === "string")
      return { refused: `${wanted} belongs to ${nic.attributes.master} now` };
    if (Array.isArray(nic.attributes.addresses))
      return { refused: `${wanted} has an address of its own now: take that off first` };
    const was = nic.attributes.up === true ? "up" : "down";
    const plan = onePlan(context, bond, {
      says: { en: `Set ${nic.name} down, as the bond wants it`, zh: `先关闭 ${nic.name}（绑定要求）` },
      change: { kind: "up", device: nic.name, to: "down", was },
    });
    return {
      ...plan,
      steps: [
        ...plan.steps,
        {
          says: { en: `Enslave ${nic.name} to ${bond.name}`, zh: `将 ${nic.name} 加入 ${bond.name}` },
          change: { kind: "master", device: nic.name, to: bond.name, was: null },
        },
      ],
    };
  },
};
