import { type Check, layers } from "@/lib/checks/define";
import { checks } from "@/lib/checks/registry";
import { remediesOf } from "@/lib/checks/remedies";
import { settingKey } from "@/lib/checks/settings";
import { withUnit } from "@/lib/text/thresholds";
import type { Language } from "@/lib/wording";
import type { Context } from "../context";
import { UsageError } from "../targets";

const labels: Record<
  Language,
  Record<"layer" | "says" | "expected" | "repair" | "reads" | "thresholds" | "remedy" | "sources", string>
> = {
  en: {
    layer: "Layer",
    says: "Says",
    expected: "Expected",
    repair: "Repair",
    reads: "Reads",
    thresholds: "Thresholds (--setting)",
    remedy: "Remedy",
    sources: "Sources",
  },
  zh: {
    layer: "层次",
    says: "提示",
    expected: "正常情况",
    repair: "处理方法",
    reads: "读取",
    thresholds: "阈值（--setting）",
    remedy: "自动修复",
    sources: "依据",
  },
};

/** `taproot checks [ID]`: what is looked for, and one of them explained. Throws UsageError for an id that does not exist. */
export function checksCommand(id: string | undefined, language: Language, context: Context): number {
  const { terminal } = context;
  if (id === undefined) {
    const width = Math.max(0, ...checks.map((check) => check.id.length));
    for (const layer of layers) {
      const here = checks.filter((check) => check.layer === layer);
      if (here.length === 0) continue;
      terminal.out(`${terminal.colour.bold(layer)}\n`);
      for (const check of here) terminal.out(`  ${check.id.padEnd(width)}  ${check.title[language]}\n`);
    }
    return 0;
  }
  const check = checks.find((entry) => entry.id === id);
  if (check === undefined) throw new UsageError(`${id}: no such check; "taproot checks" lists them`);
  const say = labels[language];
  terminal.out(
    [
      terminal.colour.bold(`${check.id}: ${check.title[language]}`),
      "",
      check.explain[language],
      "",
      `${say.layer}: ${check.layer}`,
      `${say.says}: ${check.message[language]}`,
      `${say.expected}: ${check.expected[language]}`,
      `${say.repair}: ${check.repair[language]}`,
      `${say.reads}: ${[...check.needs, ...(check.optional ?? [])].join(", ")}`,
      ...thresholds(check, language),
      ...remedies(check, language),
      `${say.sources}:`,
      ...check.sources.map((source) => `  ${source}`),
      "",
    ].join("\n"),
  );
  return 0;
}

function remedies({ id }: Check, language: Language): string[] {
  const own = remediesOf.get(id) ?? [];
  return own.length === 0 ? [] : [`${labels[language].remedy}: ${own.join(", ")}`];
}

function thresholds(check: Check, language: Language): string[] {
  const rows = Object.entries(check.settings ?? {}).map(
    ([name, { title, default: usual, unit, min, max }]) =>
      `  ${settingKey(check.id, name)}=${usual}  ${title[language]}: ${withUnit(usual, unit, language)} (${min}..${max})`,
  );
  return rows.length === 0 ? [] : [`${labels[language].thresholds}:`, ...rows];
}
