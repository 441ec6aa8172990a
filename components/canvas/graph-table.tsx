"use client";

import { memo } from "react";
import { bySeverity, edgeKinds, nodeKinds } from "@/lib/graph/model";
import { wordOfEdge, wordOfKind } from "@/lib/text/labels";
import type { ViewEdge, ViewNode } from "@/lib/wire/model";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { StatusLabel } from "../ui/status";

const natural = new Intl.Collator("en", { numeric: true });

/** The same graph as rows: for screen readers, for searching by eye, and where drawing does not help. */
export function GraphTable({
  nodes,
  edges,
  matching,
  chosen,
  onChoose,
}: {
  readonly nodes: readonly ViewNode[];
  readonly edges: readonly ViewEdge[];
  readonly matching: ReadonlySet<string> | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}) {
  // Long: two tables of the same shape, drawn from the same rows.
  const { t } = useText();
  const names = new Map(nodes.map((n) => [n.id, n.name]));
  const shown = <T extends { id: string; name?: string; kind: string; status: ViewNode["status"] }>(
    items: readonly T[],
    kinds: readonly string[],
  ) =>
    items
      .filter((i) => !matching || matching.has(i.id))
      .sort(
        (a, b) =>
          bySeverity(a.status, b.status) ||
          kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
          natural.compare(a.name ?? a.id, b.name ?? b.id) ||
          natural.compare(a.id, b.id),
      );
  const rows = shown(nodes, nodeKinds);
  const wires = shown(edges, edgeKinds);
  return (
    <div className="min-h-0 flex-1 overflow-auto bg-surface">
      <table className="data">
        <caption className="eyebrow px-3 pt-3 text-left">{t("tableNodes", { count: rows.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("name")}</th>
            <th scope="col">{t("kind")}</th>
            <th scope="col">{t("status")}</th>
            <th scope="col">{t("inKernel")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((n) => (
            <NodeRow key={n.id} node={n} chosen={n.id === chosen} onChoose={onChoose} />
          ))}
        </tbody>
      </table>
      <table className="data">
        <caption className="eyebrow px-3 pt-4 text-left">{t("tableEdges", { count: wires.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("connection")}</th>
            <th scope="col">{t("kind")}</th>
            <th scope="col">{t("status")}</th>
            <th scope="col">{t("inKernel")}</th>
          </tr>
        </thead>
        <tbody>
          {wires.map((e) => (
            <EdgeRow
              key={e.id}
              edge={e}
              from={names.get(e.from) ?? e.from}
              to={names.get(e.to) ?? e.to}
              chosen={e.id === chosen}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
}

/** Rows are remembered: of hundreds, those of what has changed are drawn anew. */
const NodeRow = memo(function NodeRow({ node, chosen, onChoose }: RowProps & { readonly node: ViewNode }) {
  const { t, say } = useText();
  return (
    <tr data-node={node.id} data-status={node.status} className={chosen ? "bg-accent-soft" : undefined}>
      <td>
        <button
          type="button"
          className="flex max-w-96 text-left text-accent hover:underline"
          onClick={() => onChoose(node.id)}
        >
          <HostText text={node.name} mono />
        </button>
      </td>
      <td className="text-muted">{say(wordOfKind(node.kind))}</td>
      <td>
        <StatusLabel status={node.status} />
      </td>
      <td className="text-muted">{node.remembered ? t("remembered") : t("present")}</td>
    </tr>
  );
});

const EdgeRow = memo(function EdgeRow({
  edge,
  from,
  to,
  chosen,
  onChoose,
}: RowProps & { readonly edge: ViewEdge; readonly from: string; readonly to: string }) {
  const { t, say } = useText();
  return (
    <tr data-edge={edge.id} data-status={edge.status} className={chosen ? "bg-accent-soft" : undefined}>
      <td>
        <button
          type="button"
          className="flex max-w-[34rem] gap-1.5 text-left text-accent hover:underline"
          onClick={() => onChoose(edge.id)}
        >
          <HostText text={from} mono />
          <span aria-hidden="true">→</span>
          <HostText text={to} mono />
        </button>
      </td>
      <td className="text-muted">{say(wordOfEdge(edge.kind))}</td>
      <td>
        <StatusLabel status={edge.status} />
      </td>
      <td className="text-muted">{edge.remembered ? t("remembered") : edge.present ? t("present") : t("absent")}</td>
    </tr>
  );
});
