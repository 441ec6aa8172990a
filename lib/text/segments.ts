import type { FleetSegment, SegmentEvidence } from "../fleet/segment";
import { filled, inLanguage, type Language, type Wording } from "../wording";

/**
 * What a segment is called: its VLAN where all have one tag, else the subnet of its router, else the tunnel, else
 * what its first host calls it.
 */
export function segmentName(segment: FleetSegment): Wording {
  if (segment.vlan !== undefined) return filled({ en: "VLAN {vlan}", zh: "VLAN {vlan}" }, { vlan: segment.vlan });
  const told = segment.evidence.find((one) => one.kind !== "heard");
  if (told?.kind === "router") return { en: told.subnet, zh: told.subnet };
  if (told?.kind === "tunnel") return { en: `VXLAN ${told.vni}`, zh: `VXLAN ${told.vni}` };
  if (told?.kind === "switch")
    return filled({ en: "VLAN {vlan}, untagged", zh: "VLAN {vlan}，无标签" }, { vlan: told.vlan });
  const port = segment.members[0]?.port ?? "";
  return { en: port, zh: port };
}

const words: { readonly [K in SegmentEvidence["kind"]]: Wording } = {
  switch: {
    en: "{hosts} hosts have VLAN {vlan} at switch {system} (LLDP)",
    zh: "{hosts} 台主机在交换机 {system} 上有 VLAN {vlan}（LLDP）",
  },
  router: {
    en: "{hosts} hosts have the router {address} of {subnet}, with one MAC",
    zh: "{hosts} 台主机使用 {subnet} 的路由器 {address}，MAC 相同",
  },
  tunnel: { en: "{hosts} hosts are ends of VXLAN {vni} ({ends})", zh: "{hosts} 台主机是 VXLAN {vni} 的端点（{ends}）" },
  heard: { en: "{by} hears {mac} of {of}", zh: "{by} 收到 {of} 的 {mac}" },
};
const heardGuest: Wording = { en: "{by} hears {mac}, {who} on {of}", zh: "{by} 收到 {mac}（{of} 上的 {who}）" };

/** What tells that a segment is one, in a sentence. */
export function evidenceText(evidence: SegmentEvidence, language: Language): string {
  const wording = evidence.kind === "heard" && evidence.who !== "" ? heardGuest : words[evidence.kind];
  return inLanguage(filled(wording, { ...evidence }), language);
}
