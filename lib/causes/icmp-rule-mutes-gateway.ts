import type { CauseRule } from "./define";

/** The gateway seems unreachable by ping because the host's own rules drop pings that leave or come in. */
export const rule: CauseRule = {
  id: "icmp-rule-mutes-gateway",
  cause: ["firewall-drops-icmp"],
  effect: ["gateway-unreachable"],
  lab: { case: "firewall-mutes-pings-out" },
  links: (cause, _effect, graph) => graph.node(cause.subject)?.kind === "host",
};
