/** The reference of all checks as Markdown, from the checks' own meta, so that it cannot tell another story than they do. */
import { type Check, layers } from "../checks/define";
import { remediesOf } from "../checks/remedies";
import { settingKey } from "../checks/settings";
import type { Language, Wording } from "../wording";
import { layerWord } from "./labels";
import { withUnit } from "./thresholds";

const words = {
  heading: { en: "Checks", zh: "检查项" },
  intro: {
    en: "Made by `npm run docs` from the checks themselves; the same page stands in the app under Checks. Words in {braces} are filled in by what was found.",
    zh: "由 `npm run docs` 根据检查项自身生成；应用中的“检查项”页面内容相同。{花括号} 中的词由实际发现填入。",
  },
  expected: { en: "Healthy", zh: "正常时" },
  repair: { en: "By hand", zh: "手工修复" },
  button: { en: "Button", zh: "按钮" },
  reads: { en: "Reads", zh: "读取" },
  settings: { en: "Thresholds", zh: "阈值" },
  threshold: { en: "{title}: `{key}` = {value} ({min} to {max})", zh: "{title}：`{key}` = {value}（{min} 至 {max}）" },
  lab: { en: "Proof", zh: "验证" },
  sources: { en: "Sources", zh: "依据" },
  made: { en: "made for real: `npm run lab:faults -- {id}`", zh: "真实制造：`npm run lab:faults -- {id}`" },
  notMade: { en: "not made in the lab: {why}", zh: "实验环境中无法制造：{why}" },
} as const satisfies Record<string, Wording>;

/** A page with one section a layer and one entry a check. */
export function checksReference(
  checks: readonly Check[],
  remedyTitle: (id: string) => Wording,
  language: Language,
): string {
  const parts = [`# ${words.heading[language]}`, words.intro[language]];
  for (const layer of layers) {
    const own = checks.filter((check) => check.layer === layer);
    if (own.length === 0) continue;
    parts.push(`## ${layerWord[layer][language]}`, ...own.map((check) => entry(check, remedyTitle, language)));
  }
  return `${parts.join("\n\n")}\n`;
}

function entry(check: Check, remedyTitle: (id: string) => Wording, language: Language): string {
  const remedies = remediesOf.get(check.id) ?? [];
  const row = (title: Wording, text: string) => `- ${title[language]}: ${text}`;
  const settings = Object.entries(check.settings ?? {}).map(([name, one]) =>
    words.threshold[language]
      .replace("{title}", one.title[language])
      .replace("{key}", settingKey(check.id, name))
      .replace("{value}", withUnit(one.default, one.unit, language))
      .replace("{min}", String(one.min))
      .replace("{max}", String(one.max)),
  );
  const proof =
    "case" in check.lab
      ? words.made[language].replace("{id}", check.lab.case)
      : words.notMade[language].replace("{why}", check.lab.none) + (check.lab.capture ? ` (${check.lab.capture})` : "");
  return [
    `### ${check.title[language]} \`${check.id}\``,
    "",
    `${check.explain[language]}`,
    "",
    row(words.expected, check.expected[language]),
    row(words.repair, check.repair[language]),
    ...(remedies.length > 0 ? [row(words.button, remedies.map((id) => remedyTitle(id)[language]).join("; "))] : []),
    row(words.reads, [...check.needs, ...(check.optional ?? [])].map((probe) => `\`${probe}\``).join(", ")),
    ...(settings.length > 0 ? [row(words.settings, settings.join("; "))] : []),
    row(words.lab, proof),
    row(
      words.sources,
      check.sources.map((source) => (/^https?:\/\/\S+$/.test(source) ? `<${source}>` : source)).join(", "),
    ),
  ].join("\n");
}
