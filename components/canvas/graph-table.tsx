"use client";

import { edgeKinds, nodeKinds } from "@/lib/graph/model";
import { edgeWord, kindWord, statusRank } from "@/lib/text/labels";
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
  const { t, say } = useText();
  const names = new Map(nodes.map((n) => [n.id, n.name]));
  const shown = <T extends { id: string; name?: string; kind: string; status: ViewNode["status"] }>(
    items: readonly T[],
    kinds: readonly string[],
  ) =>
    items
      .filter((i) => !matching || matching.has(i.id))
      .sort(
        (a, b) =>
          statusRank[a.status] - statusRank[b.status] ||
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
            <tr
              key={n.id}
              data-node={n.id}
              data-status={n.status}
              className={n.id === chosen ? "bg-accent-soft" : undefined}
            >
              <td>
                <button
                  type="button"
                  className="flex max-w-96 text-left text-accent hover:underline"
                  onClick={() => onChoose(n.id)}
                >
                  <HostText text={n.name} mono />
                </button>
              </td>
              <td className="text-muted">{say(kindWord[n.kind])}</td>
              <td>
                <StatusLabel status={n.status} />
              </td>
              <td className="text-muted">{n.remembered ? t("remembered") : t("present")}</td>
            </tr>
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
            <tr
              key={e.id}
              data-edge={e.id}
              data-status={e.status}
              className={e.id === chosen ? "bg-accent-soft" : undefined}
            >
              <td>
                <button
                  type="button"
                  className="flex max-w-[34rem] gap-1.5 text-left text-accent hover:underline"
                  onClick={() => onChoose(e.id)}
                >
                  <HostText text={names.get(e.from) ?? e.from} mono />
                  <span aria-hidden="true">→</span>
                  <HostText text={names.get(e.to) ?? e.to} mono />
                </button>
              </td>
              <td className="text-muted">{say(edgeWord[e.kind])}</td>
              <td>
                <StatusLabel status={e.status} />
              </td>
              <td className="text-muted">{e.remembered ? t("remembered") : e.present ? t("present") : t("absent")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
