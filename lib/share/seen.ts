import type { Json } from "../graph/model";
import type { Incident } from "../wire/share";
import { format4, format6 } from "./ip";
import { maskIncident, stringsOf } from "./mask";
import type { Keyed } from "./random";
import { find, type MaskWhat } from "./text";

/** What whoever opens this incident sees once it is masked: names, addresses and MACs that stand in it, and the commands whose output is quoted. */
export function seenIn(incident: Incident, what: MaskWhat, keyed: Keyed) {
  const masked = maskIncident(incident, what, keyed);
  const { snapshot } = masked;
  const { macs, addresses } = find(stringsOf(masked as unknown as Json));
  return {
    names: distinct([snapshot.host.name, masked.madeBy, ...snapshot.nodes.map((node) => node.name)]),
    addresses: [...addresses.values()].map((bytes) => (bytes.length === 4 ? format4(bytes) : format6(bytes))),
    macs: [...macs].map((digits) => digits.replace(/..(?!$)/g, "$&:")),
    evidence: distinct(snapshot.findings.flatMap((finding) => finding.evidence.map(({ command }) => command))),
  };
}

const distinct = (list: readonly string[]) => [...new Set(list)];
