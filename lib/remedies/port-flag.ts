import { kind } from "../changes/kinds/port-option";
import type { Remedy } from "./define";
import { elsewhere, gone, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Puts a flag of a bridge port back to what lets frames pass; the state only where no spanning tree decides on it. */
export const remedy: Remedy = {
  id: "port-flag",
  title: { en: "Restore the port's flag", zh: "恢复端口标志" },
  checks: ["bridge-port-flags", "bridge-port-blocked"],
  makes: ["port-option"],
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  plan({ finding, graph }) {
    const edge = graph.edge(finding.subject);
    const port = edge && graph.node(edge.kind === "uplink" ? edge.from : edge.to);
    if (!edge || !port) return gone(finding.subject);
    if (typeof port.attributes.netns === "string") return elsewhere(port.name);
    const { option, value, was } = finding.params;
    if (option === undefined)
      return refuse({
        en: "spanning tree decides on the state of this port: mend what it blocks for",
        zh: "该端口的状态由生成树决定：请消除其阻塞的原因",
      });
    // A flag's finding says what it is and what it was; the state's says what it has to be and what it is.
    const [to, from] = option === "state" ? [value, was] : [was, value];
    const change = kind.schema.safeParse({
      ...{ kind: "port-option", device: port.name, option },
      ...{ to: String(to), was: String(from) },
    }).data;
    if (!change)
      return refuse({
        en: `${String(option)} ${String(to)} may not be set`,
        zh: `不允许设置 ${String(option)} ${String(to)}`,
      });
    return oneStep({
      says: {
        en: `Set ${String(option)} ${String(to)} on ${port.name}`,
        zh: `将 ${port.name} 的 ${String(option)} 设为 ${String(to)}`,
      },
      change,
    });
  },
};
