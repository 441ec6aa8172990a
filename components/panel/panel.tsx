"use client";

import { X } from "lucide-react";
import { useId } from "react";
import type { Change } from "@/lib/text/changes";
import { wordOfEdge, wordOfKind } from "@/lib/text/labels";
import { visible } from "@/lib/text/visible";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { later } from "../ui/later";
import { StatusLabel } from "../ui/status";
import { Tabs } from "../ui/tabs";
import { ChecksTab } from "./checks-tab";
import type { FindingActions } from "./finding-view";
import type { Subject } from "./subject";

const ChangesTab = later(async () => (await import("./changes-tab")).ChangesTab);
const DetailsTab = later(async () => (await import("./details-tab")).DetailsTab);

export const panelTabs = ["checks", "details", "changes", "raw"] as const;
export type PanelTab = (typeof panelTabs)[number];

/** The drill-down of one node or edge. */
export function Panel({
  subject,
  changes,
  tab,
  onTab,
  onClose,
  actions,
}: {
  readonly subject: Subject;
  /** undefined: a frozen picture has no changes, and no tab for them. */
  readonly changes: readonly Change[] | undefined;
  readonly tab: PanelTab;
  readonly onTab: (tab: PanelTab) => void;
  readonly onClose: () => void;
  readonly actions: FindingActions;
}) {
  // Long: the tabs of the panel with what each of them is given.
  const { t, say } = useText();
  const heading = useId();
  const item = subject.node ?? subject.edge;
  const raw = JSON.stringify(
    { ...item, findings: [...subject.failing, ...subject.unknown], passed: subject.passed },
    null,
    2,
  );
  const tabs = panelTabs.filter((x) => changes || x !== "changes");
  const current = tabs.includes(tab) ? tab : "checks";
  const names = { checks: t("tabChecks"), details: t("tabDetails"), changes: t("tabChanges"), raw: t("tabRaw") };
  return (
    <aside
      aria-labelledby={heading}
      data-testid="panel"
      className="flex min-h-0 w-full shrink-0 flex-col border-l border-line bg-surface md:w-96"
    >
      <header className="flex items-start gap-2 py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <h2 id={heading} className="flex min-w-0 items-baseline gap-1.5 text-base font-semibold">
            {subject.node ? (
              <HostText text={subject.node.name} />
            ) : (
              <>
                <HostText text={subject.from?.name ?? subject.edge?.from ?? ""} />
                <span aria-hidden="true" className="text-muted">
                  →
                </span>
                <HostText text={subject.to?.name ?? subject.edge?.to ?? ""} />
              </>
            )}
          </h2>
          <p className="flex items-center gap-3 text-xs text-muted">
            <span>
              {subject.node
                ? say(wordOfKind(subject.node.kind))
                : subject.edge
                  ? say(wordOfEdge(subject.edge.kind))
                  : null}
            </span>
            {item && <StatusLabel status={item.status} />}
          </p>
        </div>
        <Button
          look="quiet"
          small
          onClick={onClose}
          aria-label={t("close")}
          title={t("close")}
          icon={<X className="size-4" />}
        />
      </header>
      <Tabs
        label={t("panelTabs")}
        tabs={tabs.map((id) => ({ id, name: names[id], count: id === "checks" ? subject.failing.length : 0 }))}
        current={current}
        onChange={onTab}
      >
        {current === "checks" && <ChecksTab subject={subject} actions={actions} />}
        {current === "details" && <DetailsTab subject={subject} onChoose={actions.onChoose} />}
        {current === "changes" && changes && <ChangesTab changes={changes} subject={subject} />}
        {current === "raw" && (
          <div className="px-4 py-3">
            <CopyButton text={raw} />
            <pre className="mt-2 overflow-x-auto text-2xs leading-4">{visible(raw, { lines: true })}</pre>
          </div>
        )}
      </Tabs>
    </aside>
  );
}
