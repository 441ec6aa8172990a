import { buildGraph } from "../graph/builder";
import { selfKind } from "../graph/kinds";
import type { GraphEdge, GraphNode } from "../graph/model";
import type { Pass } from "../graph/pass";
import { viewOf } from "../graph/view";
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

/** Builds the graph from an example's facts, finds its subject by id or by the end of its id, and judges it. */
export function runExample(check: Check, example: CheckExample, passes: readonly Pass[]): ExampleRun {
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
  if (!("from" in subject) && subject.kind === selfKind && !check.subjects.includes(selfKind)) {
    const finding = unseen(check, reading);
    if (!finding) throw new Error(`${example.name}: ${check.id} is not unknown on the host`);
    return { outcome: { kind: "finding", finding }, subject, verdict: finding.status };
  }
  const kind = "from" in subject ? (`edge:${subject.kind}` as const) : subject.kind;
  if (!check.subjects.includes(kind)) throw new Error(`${example.name}: ${check.id} has no subjects of kind ${kind}`);
  const outcome = evaluate(check, subject, reading, (_check, track) => example.samples?.[track] ?? []);
  const verdict = outcome.kind === "finding" ? outcome.finding.status : outcome.kind;
  return { outcome, subject, verdict };
}
