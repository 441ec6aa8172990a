import type { CauseRule } from "./define";

/** A neighbour cannot be asked for because the table has no room, or a first packet is dropped because the table of connections has none. */
export const rule: CauseRule = {
  id: "full-table-silences",
  cause: ["neighbour-table-overflow", "conntrack-full"],
  effect: ["arp-incomplete", "gateway-unreachable"],
  lab: { case: "neighbour-table-full-for-gateway" },
  links: (cause, effect) => effect.check === "gateway-unreachable" || cause.check === "neighbour-table-overflow",
};
