import { buildGraph } from "../graph/builder";
import type { GraphEdge, GraphNode } from "../graph/model";
import type { Pass } from "../graph/pass";
import { type GraphView, viewOf } from "../graph/view";
import type { Check, CheckExample } from "./define";
import { evaluate, type Outcome, unseen } from "./evaluate";

export interface ExampleRun {
  readonly outcome: Outcome;
  readonly subject: GraphNode | GraphEdge;
  /** In the words of `expect`. */
  readonly verdict: CheckExample["expect"];
}

/** When examples are judged. Samples are given with times up to this. */
export const exampleNow = 1_000_000;

/**
 * Builds the graph from an example's facts, finds its subject by id or by the end of its id, and judges it. With `narrow`, the check sees no more of the graph than its
 * `reach` allows: the verdict must be the same, else the engine would not ask it again when that other thing changes.
 */
export function runExample(check: Check, example: CheckExample, passes: readonly Pass[], narrow = false): ExampleRun {
  const { graph, failed } = buildGraph("h", example.facts, {}, passes);
  for (const [pass, why] of failed) throw new Error(`${example.name}: pass ${pass} failed: ${why}`);
  const view = viewOf(graph);
  const found = [...graph.nodes.values(), ...graph.edges.values()].filter(
    (item) => item.id === example.subject || item.id.endsWith(`/${example.subject}`),
  );
  const [subject] = found;
  if (!subject || found.length !== 1)
    throw new Error(
      `${example.name}: ${found.length} things end in ${example.subject}: ${found.map((item) => item.id).join(", ")}`,
    );
  const reading = { host: "h", now: exampleNow, graph: view, facts: example.facts, settings: {} };
  if (!("from" in subject) && subject.kind === "host" && !check.subjects.includes("host")) {
    const finding = unseen(check, reading);
    if (!finding) throw new Error(`${example.name}: ${check.id} is not unknown on the host`);
    return { outcome: { kind: "finding", finding }, subject, verdict: finding.status };
  }
  const kind = "from" in subject ? (`edge:${subject.kind}` as const) : subject.kind;
  if (!check.subjects.includes(kind)) throw new Error(`${example.name}: ${check.id} has no subjects of kind ${kind}`);
  const outcome = evaluate(
    check,
    subject,
    {
      host: "h",
      now: exampleNow,
      graph: narrow ? within(view, subject, check.reach) : view,
      facts: example.facts,
      settings: {},
    },
    (_check, track) => example.samples?.[track] ?? [],
  );
  const verdict = outcome.kind === "finding" ? outcome.finding.status : outcome.kind;
  return { outcome, subject, verdict };
}

/** The part of the graph that a check with this reach may look at: an edge's own part holds its two ends. */
function within(view: GraphView, subject: GraphNode | GraphEdge, reach: Check["reach"]): GraphView {
  if (reach === "host" || reach === "fleet") return view;
  const edges = new Map<string, GraphEdge>();
  const nodes = new Map<string, GraphNode>();
  const addNode = (id: string) => {
    const node = view.node(id);
    if (node) nodes.set(id, node);
  };
  const around = (id: string) => {
    for (const edge of [...view.towardsWire(id), ...view.towardsGuest(id)]) {
      edges.set(edge.id, edge);
      addNode(edge.from);
      addNode(edge.to);
    }
  };
  const ends = "from" in subject ? [subject.from, subject.to] : [subject.id];
  for (const id of ends) addNode(id);
  if ("from" in subject) edges.set(subject.id, subject);
  if (reach === "neighbours") for (const id of ends) around(id);
  return viewOf({ nodes, edges });
}
