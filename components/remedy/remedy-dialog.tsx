"use client";

import { useCallback, useEffect, useState } from "react";
import type { Finding } from "@/lib/checks/finding";
import { titleOf } from "@/lib/text/findings";
import { visible } from "@/lib/text/visible";
import type { HostInfo, HostSnapshot } from "@/lib/wire/model";
import type { PlanView } from "@/lib/wire/rest";
import { route as applyRemedy } from "@/lib/wire/routes/apply-remedy";
import { route as planRemedy } from "@/lib/wire/routes/plan-remedy";
import { route as undoRemedy } from "@/lib/wire/routes/undo-remedy";
import { call, reasonOf } from "../api/client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/page";
import { PlanBody } from "./plan-body";
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
  onClose,
}: {
  readonly finding: Finding;
  readonly host: HostInfo;
  readonly snapshot: HostSnapshot;
  readonly onClose: () => void;
}) {
  // Long: the phases of one run, which share their state.
  const { t, language } = useText();
  const [stage, setStage] = useState<Stage>({ at: "planning" });
  const [typed, setTyped] = useState("");
  /** Chosen by hand; the plan for it may still be on its way. */
  const [picked, setPicked] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const plan = stage.at === "plan" || stage.at === "running" ? stage.plan : undefined;
  const progress = useProgress(plan?.run);
  const end = endOf(progress);
  const names = new Map(snapshot.nodes.map((n) => [n.id, n.name]));

  const makePlan = useCallback(
    async (choice?: string) => {
      try {
        const body = { host: host.id, finding: finding.key, ...(choice === undefined ? {} : { choice }) };
        setStage({ at: "plan", plan: await call(planRemedy, { body }) });
      } catch (error) {
        setStage({ at: "refused", reason: reasonOf(error) });
      }
    },
    [host.id, finding.key],
  );
  useEffect(() => {
    void makePlan();
  }, [makePlan]);

  const send = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setFailure(reasonOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const apply = async () => {
    if (!plan) return;
    const risky = plan.risk === "management";
    // Shown as running before the answer: progress may come first.
    setStage({ at: "running", plan });
    const params = { run: plan.run };
    const begun = await send(() => call(applyRemedy, { params, body: risky ? { typedHost: typed } : {} }));
    if (!begun) setStage({ at: "plan", plan });
  };
  const undo = async () => {
    if (plan) await send(() => call(undoRemedy, { params: { run: plan.run } }));
  };
  const mayApply =
    plan &&
    (plan.risk !== "management" || typed === plan.host) &&
    (plan.choices.length === 0 || plan.choice !== undefined) &&
    (picked === undefined || picked === plan.choice);
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
            {plan && (
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
          picked={picked ?? stage.plan.choice}
          onChoice={(choice) => {
            setPicked(choice);
            void makePlan(choice);
          }}
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
