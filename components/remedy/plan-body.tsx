"use client";

import { duration } from "@/lib/text/time";
import { visible } from "@/lib/text/visible";
import type { PlanView } from "@/lib/wire/rest";
import { Field } from "../ui/field";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";

/** What would be done, what takes it back, what will be noticed, and what it risks. */
export function PlanBody({
  plan,
  nameOf,
  picked,
  typed,
  onTyped,
  onChoice,
}: {
  readonly plan: PlanView;
  readonly nameOf: (id: string) => string;
  readonly picked: string | undefined;
  readonly typed: string;
  readonly onTyped: (text: string) => void;
  readonly onChoice: (choice: string) => void;
}) {
  // Long: one plan from what it does to what it undoes, in the order in which it is read.
  const { t, say, language } = useText();
  return (
    <div className="flex flex-col gap-4">
      {plan.choices.length > 0 && (
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium">{t("choose")}</legend>
          {plan.choices.map((c) => (
            <label key={c.id} className="flex items-center gap-2">
              <input type="radio" name="choice" checked={picked === c.id} onChange={() => onChoice(c.id)} />
              <HostText text={c.label} mono />
            </label>
          ))}
        </fieldset>
      )}
      <ol className="flex flex-col gap-3">
        {plan.steps.map((step, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place in the plan.
          <li key={i} className="grid grid-cols-[1.5rem_minmax(0,1fr)]">
            <span className="text-muted">{i + 1}.</span>
            <div>
              <p className="font-medium break-words">{visible(say(step.says))}</p>
              <dl className="mt-1 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 gap-y-0.5">
                <dt className="text-muted">{t("runs")}</dt>
                <dd>
                  <code className="text-xs break-all">{visible(step.do)}</code>
                </dd>
                <dt className="text-muted">{t("undo")}</dt>
                <dd>
                  <code className="text-xs break-all">{visible(step.undo)}</code>
                </dd>
              </dl>
            </div>
          </li>
        ))}
      </ol>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 border-t border-line pt-3">
        <dt className="text-muted">{t("blinks")}</dt>
        <dd className="break-words">{visible(say(plan.blinks))}</dd>
        <dt className="text-muted">{t("affects")}</dt>
        <dd className="flex flex-wrap gap-x-2">
          {plan.affects.length === 0 ? t("none") : plan.affects.map((id) => <HostText key={id} text={nameOf(id)} />)}
        </dd>
        <dt className="text-muted">{t("undoWindow")}</dt>
        <dd className="break-words">
          {duration(plan.windowMs, language)} <span className="text-muted">({visible(plan.windowBecause)})</span>
        </dd>
      </dl>
      <p className="text-muted">{t("undoExplained")}</p>
      {plan.risk === "management" && (
        <>
          <Notice look="warn">{t("riskManagement")}</Notice>
          <Field label={t("typeToConfirm", { text: visible(plan.host) })}>
            {(control) => (
              <input
                {...control}
                className="control mono"
                value={typed}
                autoComplete="off"
                spellCheck={false}
                onChange={(e) => onTyped(e.target.value)}
              />
            )}
          </Field>
        </>
      )}
    </div>
  );
}
