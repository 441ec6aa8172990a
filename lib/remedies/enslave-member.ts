import type { GraphNode } from "../graph/model";
import type { Choice, Plan, Refused, Remedy, RemedyContext } from "./define";
import { refuse } from "./refusals";
import { nothingStops, ownNode } from "./subject";

/** Puts a NIC back into its bond. The kernel takes members only while they are down, and sets them up itself. */
export const remedy: Remedy = {
  id: "enslave-member",
  title: { en: "Put the member back into the bond", zh: "将成员重新加入绑定" },
  checks: ["bond-member-missing"],
  makes: ["up", "master"],
  sources: ["https://docs.kernel.org/networking/bonding.html", "https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  plan(context) {
    const bond = ownNode(context);
    if ("refused" in bond) return bond;
    const names = String(context.finding.params.members ?? "")
      .split(", ")
      .filter((name) => name !== "");
    const [first, ...more] = names.map(
      (name): Choice => ({ id: name, label: { en: name, zh: name }, plan: planFor(name, bond, context) }),
    );
    if (!first) return refuse({ en: "the finding names no member", zh: "该发现没有指出成员" });
    return more.length === 0 ? first.plan : { choices: [first, ...more] };
  },
};

function planFor(name: string, bond: GraphNode, { graph }: RemedyContext): Plan | Refused {
  const nic = graph.ofKind("nic").find((one) => one.name === name && one.attributes.netns === undefined);
  if (!nic)
    return refuse({
      en: `${name} is not on this host: look for its card and driver`,
      zh: `${name} 不在此主机上：请检查网卡和驱动`,
    });
  if (typeof nic.attributes.master === "string")
    return refuse({
      en: `${name} belongs to ${nic.attributes.master} now`,
      zh: `${name} 现在属于 ${nic.attributes.master}`,
    });
  if (Array.isArray(nic.attributes.addresses))
    return refuse({
      en: `${name} has an address of its own now: take that off first`,
      zh: `${name} 现在有自己的地址：请先移除`,
    });
  const was = nic.attributes.up === true ? "up" : "down";
  return {
    steps: [
      {
        says: { en: `Set ${name} down, as the bond wants it`, zh: `先关闭 ${name}（绑定要求）` },
        change: { kind: "up", device: name, to: "down", was },
      },
      {
        says: { en: `Enslave ${name} to ${bond.name}`, zh: `将 ${name} 加入 ${bond.name}` },
        change: { kind: "master", device: name, to: bond.name, was: null },
      },
    ],
    blinks: nothingStops,
  };
}
