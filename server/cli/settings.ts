import {
  contradictionOf,
  noSetting,
  type SettingValues,
  saysContradiction,
  settingOf,
  unfit,
} from "@/lib/checks/settings";
import { UsageError } from "./targets";

const form = /^([^.=\s]+)\.([^.=\s]+)=(.*)$/s;

/** Thresholds from `--setting CHECK.NAME=VALUE`. Throws UsageError that names what was typed; of one that is named twice, and of two that contradict each other, too. */
export function parseSettings(texts: readonly string[]): SettingValues {
  const values = new Map<string, number>();
  for (const text of texts) {
    const [, check, name, typed] = form.exec(text) ?? [];
    if (check === undefined || name === undefined || typed === undefined)
      throw new UsageError(`--setting ${text}: CHECK.NAME=VALUE was expected, for example nic-flapping.losses=2`);
    const key = `${check}.${name}`;
    const known = settingOf(key);
    if (!known) throw new UsageError(`--setting ${text}: ${noSetting(check, name)}`);
    const because = unfit(known, /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : undefined);
    if (because !== undefined) throw new UsageError(`--setting ${text}: ${because}`);
    if (values.has(key)) throw new UsageError(`--setting ${key} is there twice`);
    values.set(key, Number(typed));
  }
  const all = Object.fromEntries(values);
  const pair = contradictionOf(all, new Set(values.keys()));
  if (pair) throw new UsageError(`--setting: ${saysContradiction(pair, all)}`);
  return all;
}
