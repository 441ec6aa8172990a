"use client";

import "@/lib/text/late/accounts";
import clsx from "clsx";
import Link from "next/link";
import { type FormEvent, useId, useState } from "react";
import { settingKey, settingOf, settingsOf } from "@/lib/checks/settings";
import { titleOf } from "@/lib/text/findings";
import { numberText } from "@/lib/text/number";
import { unitWord, withUnit } from "@/lib/text/thresholds";
import type { SettingRow } from "@/lib/wire/settings";
import type { Language, Wording } from "@/lib/wording";
import { Button } from "../ui/button";
import { useText } from "../ui/language";

/** What a threshold limits; its name where this page does not know it. */
export const titleOfSetting = ({ check, name }: SettingRow, say: (wording: Wording) => string): string => {
  const title = settingOf(settingKey(check, name))?.setting.title;
  return title ? say(title) : name;
};

/** Another threshold of the check that this value would contradict, and which way. */
function conflictOf(row: SettingRow, value: number, others: readonly SettingRow[]): Conflict | undefined {
  const settings = settingsOf(row.check) ?? {};
  for (const other of others) {
    if (other.check !== row.check) continue;
    if (settings[row.name]?.atMost === other.name && value > other.value) return { key: "thresholdNotAbove", other };
    if (settings[other.name]?.atMost === row.name && value < other.value) return { key: "thresholdNotBelow", other };
  }
  return undefined;
}

interface Conflict {
  readonly key: "thresholdNotAbove" | "thresholdNotBelow";
  readonly other: SettingRow;
}

type Change = (value: number) => Promise<string | undefined>;

/** What is typed into one threshold's box, whether it can be taken, and how it is sent. `wrong` says why it cannot; `refused`, that it was sent and came back. */
function useTyped(row: SettingRow, others: readonly SettingRow[], onChange: Change | undefined) {
  const { t, language, say } = useText();
  // Nothing typed: the box follows the value, whoever changes it.
  const [draft, setDraft] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const typed = draft ?? String(row.value);
  const value = read(typed, row);
  const explain = (conflict: Conflict | undefined) =>
    conflict &&
    t(conflict.key, {
      other: titleOfSetting(conflict.other, say),
      value: withUnit(conflict.other.value, conflict.other.unit, language),
    });
  const misfit =
    value === undefined
      ? t(row.fraction ? "thresholdNumber" : "thresholdWhole", rangeOf(row, language))
      : explain(conflictOf(row, value, others));
  const type = (text: string | undefined) => {
    setDraft(text);
    setRefusal(undefined);
  };
  const send = async (next: number) => {
    setBusy(true);
    const conflict = explain(conflictOf(row, next, others));
    // The default is not in the box: the words say of which value they speak.
    const why = conflict
      ? t("pair", { name: withUnit(next, row.unit, language), value: conflict })
      : await onChange?.(next);
    setRefusal(why);
    // What was refused stays in the box, to be corrected.
    if (why === undefined) setDraft(undefined);
    setBusy(false);
  };
  const dirty = value !== row.value;
  return {
    typed,
    type,
    send: (next: number) => void send(next),
    busy,
    dirty,
    misfit: misfit !== undefined,
    wrong: misfit ?? refusal,
    invalid: misfit !== undefined || (refusal !== undefined && draft !== undefined),
    submit: () => {
      if (value !== undefined && misfit === undefined && dirty && !busy) void send(value);
    },
  };
}

type Typed = ReturnType<typeof useTyped>;

const rangeOf = ({ min, max }: SettingRow, language: Language) => ({
  min: numberText(min, language),
  max: numberText(max, language),
});

/**
 * One threshold. `rowsOfCheck`: on the first of a check, how many rows its name stands for. `others`: all thresholds, for some limit each other. `onChange` resolves
 * with why a change failed, where it did; without it nothing can be typed.
 */
export function ThresholdRow({
  row,
  rowsOfCheck,
  others,
  onChange,
}: {
  readonly row: SettingRow;
  readonly rowsOfCheck: number | undefined;
  readonly others: readonly SettingRow[];
  readonly onChange: Change | undefined;
}) {
  const { t, language, say } = useText();
  const form = useId();
  const typed = useTyped(row, others, onChange);
  const title = titleOfSetting(row, say);
  const what = `${titleOf(row.check, language)}: ${title}`;
  const changed = row.value !== row.default;
  return (
    <tr
      data-threshold={`${row.check}.${row.name}`}
      data-changed={changed}
      className={clsx(changed && "bg-accent-soft")}
    >
      {rowsOfCheck !== undefined && <CheckCell check={row.check} rows={rowsOfCheck} />}
      <td>
        {title}
        <code className="block text-xs text-muted">{row.name}</code>
      </td>
      <td>
        {onChange ? (
          <ValueBox form={form} what={what} fraction={row.fraction} typed={typed} />
        ) : (
          <span className={clsx(changed && "font-semibold")}>{numberText(row.value, language)}</span>
        )}
      </td>
      <td>{unitWord(row.unit, language)}</td>
      <td className="text-2xs font-semibold text-accent">{changed && t("thresholdChanged")}</td>
      <td>{numberText(row.default, language)}</td>
      <td className="whitespace-nowrap text-muted">{t("thresholdFromTo", rangeOf(row, language))}</td>
      {onChange && (
        <td className="w-40">
          <Buttons form={form} what={what} typed={typed} reset={changed ? row.default : undefined} />
        </td>
      )}
    </tr>
  );
}

function CheckCell({ check, rows }: { readonly check: string; readonly rows: number }) {
  const { language } = useText();
  return (
    <th
      scope="rowgroup"
      rowSpan={rows}
      className="h-auto! border-b-0! bg-surface px-3 py-1.5! text-left align-top text-sm! font-medium! whitespace-normal! text-text!"
    >
      <Link href={`/checks#${check}`} className="text-accent hover:underline">
        {titleOf(check, language)}
      </Link>
      <code className="block text-xs font-normal text-muted">{check}</code>
    </th>
  );
}

function ValueBox({
  form,
  what,
  fraction,
  typed,
}: {
  readonly form: string;
  readonly what: string;
  readonly fraction: SettingRow["fraction"];
  readonly typed: Typed;
}) {
  const note = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    typed.submit();
  };
  return (
    <form id={form} noValidate onSubmit={submit}>
      <input
        className="control max-w-28 text-right"
        inputMode={fraction ? "decimal" : "numeric"}
        autoComplete="off"
        aria-label={what}
        aria-invalid={typed.invalid}
        aria-describedby={typed.wrong === undefined ? undefined : note}
        readOnly={typed.busy}
        value={typed.typed}
        onChange={(e) => typed.type(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === "Escape") typed.type(undefined);
        }}
      />
      {typed.wrong !== undefined && (
        <p id={note} role={typed.misfit ? undefined : "alert"} className="mt-1 max-w-44 text-xs text-fail">
          {typed.wrong}
        </p>
      )}
    </form>
  );
}

/** Save, where something else is typed; `reset`, the default, where the value is another. */
function Buttons({
  form,
  what,
  typed,
  reset,
}: {
  readonly form: string;
  readonly what: string;
  readonly typed: Typed;
  readonly reset: number | undefined;
}) {
  const { t } = useText();
  return (
    <span className="flex h-8 items-center justify-end gap-1">
      {typed.dirty && (
        <Button
          small
          look="primary"
          type="submit"
          form={form}
          disabled={typed.busy || typed.misfit}
          aria-label={t("thresholdSaveOf", { what })}
        >
          {t("thresholdSave")}
        </Button>
      )}
      {reset !== undefined && (
        <Button
          small
          look="quiet"
          disabled={typed.busy}
          aria-label={t("thresholdResetOf", { what })}
          onClick={() => typed.send(reset)}
        >
          {t("thresholdReset")}
        </Button>
      )}
    </span>
  );
}

/** What was typed, where it is a value that can be taken; else undefined. */
function read(typed: string, { min, max, fraction }: SettingRow): number | undefined {
  const text = typed.trim();
  if (!(fraction ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}
