"use client";

import { ListFilter, Network, Table2 } from "lucide-react";
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { Finding } from "@/lib/checks/finding";
import { byBlast } from "@/lib/problems/rank";
import type { Change } from "@/lib/text/changes";
import { edgeMatches, nodeMatches, parseFilter } from "@/lib/text/filter";
import type { HostSnapshot } from "@/lib/wire/model";
import { Panel, type PanelTab, panelTabs } from "../panel/panel";
import { subjectOf } from "../panel/subject";
import { ProblemList } from "../problems/problem-list";
import { Button } from "../ui/button";
import { useText } from "../ui/language";
import { later } from "../ui/later";
import { Notice } from "../ui/notice";
import { useUrlState } from "../ui/url-state";
import { Canvas } from "./canvas";
import { Legend } from "./legend";
import { type Drawn, sceneOf } from "./scene";

const GraphTable = later(async () => (await import("./graph-table")).GraphTable);
const GroupPanel = later(async () => (await import("../panel/group-panel")).GroupPanel);

export interface TopologyProps {
  readonly snapshot: HostSnapshot;
  readonly changes?: readonly Change[];
  /** On the host's box: why this is not the present. */
  readonly note?: ReactNode;
  readonly old?: boolean;
  readonly onRemedy?: (finding: Finding, remedy?: string) => void;
  /** What is selected when the address names nothing: the selection of a shared incident. */
  readonly preselected?: string;
  /** Under the problems. */
  readonly under?: ReactNode;
  /** At the right end of the tool row. */
  readonly tools?: ReactNode;
}

/** Problems, picture and panel of one host, live or frozen. Selection, tab, filter and view live in the address. */
export function Topology({ snapshot, changes, note, old, onRemedy, preselected, under, tools }: TopologyProps) {
  // Long: the frame that holds canvas, table, filter and panel together, and their state.
  const { t } = useText();
  const url = useUrlState();
  const named = url.get("sel");
  // "-": closed by hand; without it a shared incident would open its selection again and again.
  const chosen = named === "-" ? undefined : (named ?? preselected);
  const { set } = url;
  const choose = useCallback(
    (id: string | undefined) => set({ sel: id ?? (preselected ? "-" : undefined), tab: undefined }),
    [set, preselected],
  );
  const asTable = url.get("view") === "table";
  const tab = panelTabs.find((x) => x === url.get("tab")) ?? "checks";
  const question = useDeferredValue(url.get("q") ?? "");
  const matching = useMatching(snapshot, question);
  const { scene, round, tidy } = useScene(snapshot, chosen);
  const names = useMemo(() => new Map(snapshot.nodes.map((n) => [n.id, n.name])), [snapshot.nodes]);
  const problems = useMemo(() => [...snapshot.problems].sort(byBlast), [snapshot.problems]);
  const findings = useMemo(() => new Map(snapshot.findings.map((f) => [f.key, f])), [snapshot.findings]);
  const unknowns = useMemo(() => snapshot.findings.filter((f) => f.status === "unknown").length, [snapshot.findings]);
  const subject = useMemo(() => (chosen === undefined ? undefined : subjectOf(snapshot, chosen)), [snapshot, chosen]);
  const group = chosen === undefined ? undefined : scene.groups.get(chosen);
  const nameOf = (id: string) => names.get(id) ?? id;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col lg:flex-row">
      <section
        aria-label={t("problems")}
        className="flex max-h-[35%] shrink-0 flex-col border-b border-line bg-surface lg:max-h-none lg:w-64 lg:border-r lg:border-b-0"
      >
        <h2 className="eyebrow flex h-9 items-center border-b border-line px-3">
          {t("problemsCount", { count: problems.length })}
        </h2>
        <div className="min-h-0 flex-1 overflow-y-auto">
          <ProblemList problems={problems} findings={findings} chosen={chosen} onChoose={choose} />
          {problems.length === 0 && <p className="px-3 py-4 text-muted">{t(old ? "noProblemsThen" : "noProblems")}</p>}
          {unknowns > 0 && (
            <button
              type="button"
              className="w-full px-3 py-2 text-left text-xs text-muted hover:text-text"
              onClick={() => url.set({ q: "status:unknown", view: "table" })}
            >
              {t("unknownFindings", { count: unknowns })}
            </button>
          )}
          {under}
        </div>
      </section>
      <section aria-label={t("topology")} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex h-9 shrink-0 items-center gap-3 border-b border-line bg-surface px-2">
          <label className="flex min-w-0 flex-1 items-center gap-1.5 text-muted">
            <ListFilter aria-hidden="true" className="size-3.5 shrink-0" />
            <input
              className="h-7 min-w-0 flex-1 bg-transparent text-text outline-none placeholder:text-faint"
              placeholder={t("filterHint")}
              aria-label={t("filter")}
              value={url.get("q") ?? ""}
              onChange={(e) => url.set({ q: e.target.value }, true)}
              spellCheck={false}
            />
            {matching && (
              <span className="shrink-0 text-xs">
                {t("matches", { count: [...matching].filter((id) => names.has(id)).length })}
              </span>
            )}
          </label>
          <Legend />
          {tools}
          <Button
            small
            look="quiet"
            aria-pressed={asTable}
            onClick={() => url.set({ view: asTable ? undefined : "table" })}
            icon={asTable ? <Network className="size-3.5" /> : <Table2 className="size-3.5" />}
          >
            {t(asTable ? "showPicture" : "showTable")}
          </Button>
        </div>
        {asTable ? (
          <GraphTable
            nodes={snapshot.nodes}
            edges={snapshot.edges}
            matching={matching}
            chosen={chosen}
            onChoose={choose}
          />
        ) : (
          <Canvas
            key={round}
            scene={scene}
            host={snapshot.host.name}
            note={note}
            old={old}
            chosen={chosen}
            matching={matching}
            onChoose={choose}
            onTidy={tidy}
          />
        )}
      </section>
      {subject && (
        <div className="absolute inset-0 z-10 flex md:left-auto lg:static lg:z-auto">
          <Panel
            key={subject.id}
            subject={subject}
            changes={changes}
            tab={tab}
            onTab={(next: PanelTab) => url.set({ tab: next === "checks" ? undefined : next }, true)}
            onClose={() => choose(undefined)}
            actions={{ nameOf, onChoose: choose, ...(onRemedy ? { onRemedy } : {}) }}
          />
        </div>
      )}
      {!subject && group && (
        <div className="absolute inset-0 z-10 flex md:left-auto lg:static lg:z-auto">
          <GroupPanel group={group} nameOf={nameOf} onChoose={choose} onClose={() => choose(undefined)} />
        </div>
      )}
      {chosen !== undefined && !subject && !group && (
        <div className="absolute right-3 bottom-14 z-10 max-w-sm">
          <Notice>
            {t("notHereNow")} <code className="break-all">{chosen}</code>
            <Button small className="mt-2 block" onClick={() => choose(undefined)}>
              {t("close")}
            </Button>
          </Notice>
        </div>
      )}
    </div>
  );
}

function useScene(snapshot: HostSnapshot, chosen: string | undefined) {
  const memory = useRef<Drawn | undefined>(undefined);
  const [round, setRound] = useState(0);
  const { nodes, edges } = snapshot;
  // biome-ignore lint/correctness/useExhaustiveDependencies: round is what asks for a fresh layout.
  const scene = useMemo(
    () => sceneOf({ nodes, edges }, new Set(chosen === undefined ? [] : [chosen]), memory.current),
    [nodes, edges, chosen, round],
  );
  useEffect(() => {
    memory.current = { of: { nodes, edges }, scene };
  }, [nodes, edges, scene]);
  const tidy = useCallback(() => {
    memory.current = undefined;
    setRound((r) => r + 1);
  }, []);
  return { scene, round, tidy };
}

/** Ids of nodes and edges that answer the filter; undefined without one. The same set while it holds the same. */
function useMatching(snapshot: HostSnapshot, question: string): ReadonlySet<string> | undefined {
  const { nodes, edges } = snapshot;
  const last = useRef<ReadonlySet<string> | undefined>(undefined);
  const found = useMemo(() => {
    const filter = parseFilter(question);
    if (filter.words.length === 0) return undefined;
    const matching = new Set(nodes.filter((n) => nodeMatches(filter, n)).map((n) => n.id));
    const wires = edges.filter((e) => edgeMatches(filter, e, matching)).map((e) => e.id);
    const next = new Set([...matching, ...wires]);
    const known = last.current;
    return known?.size === next.size && [...next].every((id) => known.has(id)) ? known : next;
  }, [nodes, edges, question]);
  useEffect(() => {
    last.current = found;
  }, [found]);
  return found;
}
