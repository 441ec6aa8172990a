"use client";

import "@/lib/text/late/acting";
import { titleOfRemedy } from "@/lib/text/remedies";
import { duration } from "@/lib/text/time";
import type { UiKey } from "@/lib/text/ui";
import { visible } from "@/lib/text/visible";
import type { PlanOption, PlanView } from "@/lib/wire/rest";
import { CopyButton } from "../ui/copy-button";
import { Field } from "../ui/field";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";

type Plan = Extract<PlanOption, { kind: "plan" }>;

/** What is chosen of a plan: the only option, or the one that was picked; undefined while a choice is left. */
export const optionOf = ({ options }: PlanView, picked: string | undefined): PlanOption | undefined =>
  options.length === 1 ? options[0] : options.find((one) => picked !== undefined && one.choice?.id === picked);

interface Typed {
  readonly typed: string;
  readonly onTyped: (text: string) => void;
}

/** Which remedy, which way of it, what would be done, what takes it back, what will be noticed, and what it risks. */
export function PlanBody({
  plan,
  nameOf,
  picked,
  onPick,
  onRemedy,
  ...typing
}: {
  readonly plan: PlanView;
  readonly nameOf: (id: string) => string;
  readonly picked: string | undefined;
  readonly onPick: (choice: string) => void;
  readonly onRemedy: (remedy: string) => void;
} & Typed) {
  const { t, say, language } = useText();
  const option = optionOf(plan, picked);
  return (
    <div className="flex flex-col gap-4">
      {plan.remedies.length > 1 && (
        <Picks
          name="remedy"
          legend={t("chooseRemedy")}
          picked={plan.remedy}
          onPick={onRemedy}
          all={plan.remedies.map((id) => ({ id, label: titleOfRemedy(id, language) }))}
        />
      )}
      {plan.options.length > 1 && (
        <Picks
          name="choice"
          legend={t("choose")}
          picked={picked}
          onPick={onPick}
          all={plan.options.flatMap(({ choice }) => (choice ? [{ id: choice.id, label: say(choice.label) }] : []))}
        />
      )}
      {option === undefined && <p className="text-muted">{t("pickChoice")}</p>}
      {option?.kind === "refused" && (
        <Notice look="fail">{t("planRefused", { reason: visible(say(option.because)) })}</Notice>
      )}
      {option?.kind === "plan" && <OptionBody plan={option} host={plan.host} nameOf={nameOf} {...typing} />}
    </div>
  );
}

/** One of several, by radio buttons. */
function Picks({
  name,
  legend,
  all,
  picked,
  onPick,
}: {
  readonly name: string;
  readonly legend: string;
  readonly all: readonly { readonly id: string; readonly label: string }[];
  readonly picked: string | undefined;
  readonly onPick: (id: string) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">{legend}</legend>
      {all.map(({ id, label }) => (
        <label key={id} className="flex items-center gap-2">
          <input type="radio" name={name} checked={picked === id} onChange={() => onPick(id)} />
          <HostText text={label} />
        </label>
      ))}
    </fieldset>
  );
}

const riskWords: Readonly<Record<Plan["risk"], UiKey>> = { low: "riskLow", medium: "riskMedium", high: "riskHigh" };

function OptionBody({
  plan,
  host,
  nameOf,
  ...typing
}: {
  readonly plan: Plan;
  readonly host: string;
  readonly nameOf: (id: string) => string;
} & Typed) {
  const { t, say, language } = useText();
  return (
    <>
      <Steps steps={plan.steps} />
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 border-t border-line pt-3">
        <dt className="text-muted">{t("risk")}</dt>
        <dd data-risk={plan.risk}>{t(riskWords[plan.risk])}</dd>
        <dt className="text-muted">{t("blinks")}</dt>
        <dd className="break-words">{visible(say(plan.blinks))}</dd>
        <dt className="text-muted">{t("affects")}</dt>
        <dd className="flex flex-wrap gap-x-2">
          {plan.affects.length === 0 ? t("none") : plan.affects.map((id) => <HostText key={id} text={nameOf(id)} />)}
        </dd>
        <dt className="text-muted">{t("undoWindow")}</dt>
        <dd className="break-words">
          {duration(plan.windowMs, language)} <span className="text-muted">({visible(say(plan.windowBecause))})</span>
        </dd>
      </dl>
      <p className="text-muted">{t("undoExplained")}</p>
      <CopyButton text={plan.script} label={t("copyScript")} />
      {plan.management !== "clear" && <TypeHost host={host} known={plan.management === "at-risk"} {...typing} />}
    </>
  );
}

function Steps({ steps }: { readonly steps: Plan["steps"] }) {
  const { t, say } = useText();
  return (
    <ol className="flex flex-col gap-3">
      {steps.map((step, i) => (
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
  );
}

/** Where our own way to the host is at risk, or may be: its name must be typed. */
function TypeHost({ host, known, typed, onTyped }: { readonly host: string; readonly known: boolean } & Typed) {
  const { t } = useText();
  return (
    <>
      <Notice look="warn">{t(known ? "riskManagement" : "riskManagementUnknown")}</Notice>
      <Field label={t("typeToConfirm", { text: visible(host) })}>
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
  );
}
