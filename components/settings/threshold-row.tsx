"use client";

import clsx from "clsx";
import Link from "next/link";
import { type FormEvent, useId, useState } from "react";
import { settingKey, settingOf, settingsOf } from "@/lib/checks/settings";
import { titleOf } from "@/lib/text/findings";
import { numberText } from "@/lib/text/number";
import { unitWord, withUnit } from "@/lib/text/thresholds";
import type { SettingRow } from "@/lib/wire/settings";
import type { Wording } from "@/lib/wording";
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

/**
 * One threshold. `rowsOfCheck`: on the first of a check, how many rows its name stands for. `others`: all thresholds, for some limit each other. `onChange` resolves with why a
 * change failed, where it did; without it nothing can be typed.
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
  readonly onChange: ((value: number) => Promise<string | undefined>) | undefined;
}) {
  const { t, language, say } = useText();
  const note = useId();
  const form = useId();
  // Nothing typed: the box follows the value, whoever changes it.
  const [draft, setDraft] = useState<string>();
  const typed = draft ?? String(row.value);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const title = titleOfSetting(row, say);
  const what = `${titleOf(row.check, language)}: ${title}`;
  const changed = row.value !== row.default;
  const value = read(typed, row);
  const dirty = value !== row.value;
  const number = (n: number) => numberText(n, language);
  const range = { min: number(row.min), max: number(row.max) };
  const explain = (conflict: Conflict | undefined) =>
    conflict &&
    t(conflict.key, {
      other: titleOfSetting(conflict.other, say),
      value: withUnit(conflict.other.value, conflict.other.unit, language),
    });
  const misfit =
    value === undefined
      ? t(row.fraction ? "thresholdNumber" : "thresholdWhole", range)
      : explain(conflictOf(row, value, others));
  const wrong = misfit ?? refusal;
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
    // What was refused stays in the box, to be mended.
    if (why === undefined) setDraft(undefined);
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value !== undefined && misfit === undefined && dirty && !busy) void send(value);
  };
  return (
    <tr
      data-threshold={`${row.check}.${row.name}`}
      data-changed={changed}
      className={clsx(changed && "bg-accent-soft")}
    >
      {rowsOfCheck !== undefined && (
        <th
          scope="rowgroup"
          rowSpan={rowsOfCheck}
          className="h-auto! border-b-0! bg-surface px-3 py-1.5! text-left align-top text-sm! font-medium! whitespace-normal! text-text!"
        >
          <Link href={`/checks#${row.check}`} className="text-accent hover:underline">
            {titleOf(row.check, language)}
          </Link>
          <code className="block text-xs font-normal text-muted">{row.check}</code>
        </th>
      )}
      <td>
        {title}
        <code className="block text-xs text-muted">{row.name}</code>
      </td>
      <td>
        {onChange ? (
          <form id={form} noValidate onSubmit={submit}>
            <input
              className="control max-w-28 text-right"
              inputMode={row.fraction ? "decimal" : "numeric"}
              autoComplete="off"
              aria-label={what}
              aria-invalid={misfit !== undefined || (refusal !== undefined && draft !== undefined)}
              aria-describedby={wrong === undefined ? undefined : note}
              readOnly={busy}
              value={typed}
              onChange={(e) => type(e.target.value)}
              onKeyDown={(e) => {
                if (e.key === "Escape") type(undefined);
              }}
            />
            {wrong !== undefined && (
              <p
                id={note}
                role={misfit === undefined ? "alert" : undefined}
                className="mt-1 max-w-44 text-xs text-fail"
              >
                {wrong}
              </p>
            )}
          </form>
        ) : (
          <span className={clsx(changed && "font-semibold")}>{number(row.value)}</span>
        )}
      </td>
      <td>{unitWord(row.unit, language)}</td>
      <td className="text-2xs font-semibold text-accent">{changed && t("thresholdChanged")}</td>
      <td>{number(row.default)}</td>
      <td className="whitespace-nowrap text-muted">{t("thresholdFromTo", range)}</td>
      {onChange && (
        <td className="w-40">
          <span className="flex h-8 items-center justify-end gap-1">
            {dirty && (
              <Button
                small
                look="primary"
                type="submit"
                form={form}
                disabled={busy || misfit !== undefined}
                aria-label={t("thresholdSaveOf", { what })}
              >
                {t("thresholdSave")}
              </Button>
            )}
            {changed && (
              <Button
                small
                look="quiet"
                disabled={busy}
                aria-label={t("thresholdResetOf", { what })}
                onClick={() => void send(row.default)}
              >
                {t("thresholdReset")}
              </Button>
            )}
          </span>
        </td>
      )}
    </tr>
  );
}

/** What was typed, where it is a value that can be taken; else undefined. */
function read(typed: string, { min, max, fraction }: SettingRow): number | undefined {
  const text = typed.trim();
  if (!(fraction ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}
