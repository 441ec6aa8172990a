import { kind } from "../changes/kinds/port-option";
import type { Remedy } from "./define";
import { guestsBehind, onManagementPath } from "./guests";

/** Puts a flag of a bridge port back to what lets frames pass; the state only where no spanning tree decides on it. */
export const remedy: Remedy = {
  id: "port-flag",
  title: { en: "Restore the port's flag", zh: "恢复端口标志" },
  checks: ["bridge-port-flags", "bridge-port-blocked"],
  makes: ["port-option"],
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  plan({ finding, graph, managementAddress }) {
    const edge = graph.edge(finding.subject);
    const port = edge && graph.node(edge.kind === "uplink" ? edge.from : edge.to);
    if (!edge || !port) return { refused: `${finding.subject} is no longer there` };
    if (typeof port.attributes.netns === "string") return { refused: `${port.name} lies in another network namespace` };
    const { option, value, was } = finding.params;
    if (option === undefined)
      return { refused: "spanning tree decides on the state of this port: mend what it blocks for" };
    // A flag's finding says what it is and what it was; the state's says what it has to be and what it is.
    const [to, from] = option === "state" ? [value, was] : [was, value];
    const change = kind.schema.safeParse({
      ...{ kind: "port-option", device: port.name, option },
      ...{ to: String(to), was: String(from) },
    }).data;
    if (!change) return { refused: `${String(option)} ${String(to)} may not be set` };
    const guests = guestsBehind(graph, edge.kind === "uplink" ? edge.to : port.id);
    return {
      steps: [
        {
          says: {
            en: `Set ${String(option)} ${String(to)} on ${port.name}`,
            zh: `将 ${port.name} 的 ${String(option)} 设为 ${String(to)}`,
          },
          change,
        },
      ],
      affects: guests,
      blinks: { en: "Nothing that passes now is interrupted.", zh: "当前正常的流量不会中断。" },
      risk: onManagementPath(graph, port.id, managementAddress) ? "management" : "low",
      settleMs: 2_000,
      settleBecause: "2 s for the first ARP exchange",
      probe: guests,
    };
  },
};
