"use client";

import "@/lib/text/late/acting";
import { useCallback, useEffect, useState } from "react";
import type { Finding } from "@/lib/checks/finding";
import { titleOf } from "@/lib/text/findings";
import { visible } from "@/lib/text/visible";
import type { HostInfo, HostSnapshot } from "@/lib/wire/model";
import type { PlanView } from "@/lib/wire/rest";
import { route as applyRemedy } from "@/lib/wire/routes/apply-remedy";
import { route as planRemedy } from "@/lib/wire/routes/plan-remedy";
import { route as undoRemedy } from "@/lib/wire/routes/undo-remedy";
import { call, reasonIn } from "../api/client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/page";
import { optionOf, PlanBody } from "./plan-body";
import { endOf, Progress, useProgress } from "./progress";

type Stage =
  | { readonly at: "planning" }
  | { readonly at: "refused"; readonly reason: string }
  | { readonly at: "plan"; readonly plan: PlanView }
  | { readonly at: "running"; readonly plan: PlanView };

/** From the button to the end of the change: plan, confirm, watch, keep or undo. */
export function RemedyDialog({
  finding,
  host,
  snapshot,
  remedy,
  onClose,
}: {
  readonly finding: Finding;
  readonly host: HostInfo;
  readonly snapshot: HostSnapshot;
  /** Which of the finding's remedies; the gentlest where none is named. */
  readonly remedy?: string | undefined;
  readonly onClose: () => void;
}) {
  // Long: the phases of one run, which share their state.
  const { t, language } = useText();
  const [stage, setStage] = useState<Stage>({ at: "planning" });
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const plan = stage.at === "plan" || stage.at === "running" ? stage.plan : undefined;
  const option = plan && optionOf(plan, picked);
  const progress = useProgress(plan?.run);
  const end = endOf(progress);
  const names = new Map(snapshot.nodes.map((n) => [n.id, n.name]));

  const makePlan = useCallback(
    async (which: string | undefined) => {
      setStage({ at: "planning" });
      setPicked(undefined);
      setTyped("");
      try {
        const body = { host: host.id, finding: finding.key, ...(which === undefined ? {} : { remedy: which }) };
        setStage({ at: "plan", plan: await call(planRemedy, { body }) });
      } catch (error) {
        setStage({ at: "refused", reason: reasonIn(error, language) });
      }
    },
    [host.id, finding.key, language],
  );
  useEffect(() => {
    void makePlan(remedy);
  }, [makePlan, remedy]);

  const send = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setFailure(reasonIn(error, language));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const apply = async () => {
    if (!plan || option?.kind !== "plan") return;
    const body = {
      ...(option.choice ? { choice: option.choice.id } : {}),
      ...(option.management === "clear" ? {} : { typedHost: typed }),
    };
    // Shown as running before the answer: progress may come first.
    setStage({ at: "running", plan });
    const begun = await send(() => call(applyRemedy, { params: { run: plan.run }, body }));
    if (!begun) setStage({ at: "plan", plan });
  };
  const undo = async () => {
    if (plan) await send(() => call(undoRemedy, { params: { run: plan.run } }));
  };
  const mayApply = option?.kind === "plan" && (option.management === "clear" || typed === plan?.host);
  const undoable = stage.at === "running" && !end && progress.some((p) => p.undoAt !== undefined);
  return (
    <Dialog
      title={t("remedyTitle", { check: titleOf(finding.check, language), host: visible(host.name) })}
      onClose={onClose}
      wide
      footer={
        stage.at === "running" ? (
          <>
            {undoable && (
              <Button look="danger" disabled={busy} onClick={() => void undo()}>
                {t("undoNow")}
              </Button>
            )}
            <Button onClick={onClose}>{t(end ? "close" : "closeKeepsRunning")}</Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t("cancel")}</Button>
            {plan && !plan.options.every(({ kind }) => kind === "refused") && (
              <Button look="primary" disabled={busy || !mayApply} onClick={() => void apply()}>
                {t("applyWithUndo")}
              </Button>
            )}
          </>
        )
      }
    >
      {stage.at === "planning" && <Skeleton rows={4} label={t("planning")} />}
      {stage.at === "refused" && <Notice look="fail">{t("planRefused", { reason: visible(stage.reason) })}</Notice>}
      {stage.at === "plan" && (
        <PlanBody
          plan={stage.plan}
          nameOf={(id) => names.get(id) ?? id}
          typed={typed}
          onTyped={setTyped}
          picked={picked}
          onPick={setPicked}
          onRemedy={(which) => void makePlan(which)}
        />
      )}
      {stage.at === "running" && <Progress steps={progress} />}
      {failure && (
        <Notice look="fail" className="mt-3">
          {visible(failure)}
        </Notice>
      )}
    </Dialog>
  );
}
