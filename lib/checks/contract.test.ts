import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { passes } from "../graph/passes/registry";
import { probes } from "../probes/registry";
import { inLanguage, type Wording } from "../wording";
import { englishIn, placesIn as places } from "../wording-testing";
import type { Check, CheckExamples } from "./define";
import { examplesOf } from "./examples";
import { checks } from "./registry";
import { runExample } from "./run-example";

/** Files of units, to hold their names against their ids. */
const files = Object.keys(import.meta.glob("./*/*.ts")).filter((path) => !path.endsWith(".test.ts"));

const unique = (list: readonly string[]): string[] => [...new Set(list)];

const wordings = (check: Check): [string, Wording][] => [
  ["title", check.title],
  ["message", check.message],
  ["expected", check.expected],
  ["repair", check.repair],
  ["explain", check.explain],
  ...Object.entries(check.settings ?? {}).map(([name, setting]): [string, Wording] => [
    `setting ${name}`,
    setting.title,
  ]),
];

describe("checks", () => {
  it("are held to their Chinese", () => {
    expect(englishIn("VLAN 20 where the definition says 10", [])).not.toEqual([]);
    expect(englishIn("没有 remote (no route)", [])).toEqual(["no route"]);
    expect(englishIn("ovs-vsctl set port vnet0 tag=10", ["ovs-vsctl set port vnet0"])).toEqual([]);
    expect(englishIn("default via 10.20.0.1 dev br0", [])).toEqual([]);
  });

  it("have unique ids that are their file names, in the folder of their layer", () => {
    expect(unique(checks.map((check) => check.id))).toHaveLength(checks.length);
    const units = files.filter((path) => checks.some((check) => basename(path, ".ts") === check.id));
    expect(units.map((path) => path.slice(2, -3)).sort()).toEqual(
      checks.map((check) => `${check.layer}/${check.id}`).sort(),
    );
  });
});

const none: CheckExamples = { bad: [], good: [], unknown: [] };

describe.each(checks.map((check) => [check.id, check] as const))("%s", (id, check) => {
  const examples = examplesOf.get(id) ?? none;

  it("is worded in both languages with the same places", () => {
    for (const [name, wording] of wordings(check)) {
      expect(wording.en.trim(), `${name} en`).not.toBe("");
      expect(wording.zh, `${name} zh`).toMatch(/[\u4e00-\u9fff]/);
      expect(unique(places(wording.zh)), `${name}: places`).toEqual(unique(places(wording.en)));
    }
  });

  it("names its sources, and its lab case or the reason for having none", () => {
    expect(check.sources.length).toBeGreaterThan(0);
    for (const source of check.sources) expect(new URL(source).protocol).toBe("https:");
    expect("case" in check.lab ? check.lab.case : check.lab.none).toMatch(/\S/);
    for (const probe of [...check.needs, ...(check.optional ?? [])]) expect(Object.keys(probes)).toContain(probe);
  });

  it("has examples of each kind", () => {
    expect(examples.bad.length, "bad").toBeGreaterThan(0);
    expect(examples.good.length, "good").toBeGreaterThan(0);
    expect(examples.unknown.length, "unknown").toBeGreaterThan(0);
  });

  it("shows in a finding the thresholds that it was judged by", () => {
    const named = Object.keys(check.settings ?? {});
    const shown = examples.bad.map((example) => {
      const { outcome } = runExample(check, example, passes);
      return outcome.kind === "finding" ? (outcome.finding.thresholds ?? {}) : {};
    });
    for (const one of shown) expect(named).toEqual(expect.arrayContaining(Object.keys(one)));
    if (named.length > 0) expect(shown.filter((one) => Object.keys(one).length > 0).length).toBeGreaterThan(0);
    for (const [name, value] of shown.flatMap(Object.entries)) expect(value).toBe(check.settings?.[name]?.default);
  });

  it("has no English in what a Chinese reader is told", () => {
    for (const example of [...examples.bad, ...examples.unknown]) {
      const { outcome } = runExample(check, example, passes);
      if (outcome.kind !== "finding") continue;
      const { because, evidence } = outcome.finding;
      const params = { ...outcome.finding.params, ...(because === undefined ? {} : { because }) };
      const quoted = [JSON.stringify(example.facts), ...evidence.map(({ command }) => command)];
      for (const [name, value] of Object.entries(params))
        expect(englishIn(inLanguage(value, "zh"), quoted), `${example.name}: ${name}`).toEqual([]);
    }
  });

  const all = [
    ...examples.bad.map((example) => ["bad", example] as const),
    ...examples.good.map((example) => ["good", example] as const),
    ...examples.unknown.map((example) => ["unknown", example] as const),
  ];
  it.each(all.map(([kind, example]) => [`${kind}: ${example.name}`, kind, example] as const))(
    "%s",
    (_name, kind, example) => {
      const allowed = { bad: ["fail", "warn"], good: ["pass", "not-applicable"], unknown: ["unknown"] }[kind];
      expect(allowed).toContain(example.expect);
      const run = runExample(check, example, passes);
      if (run.outcome.kind === "finding") {
        expect(run.outcome.defect).toBeUndefined();
        expect(inLanguage(run.outcome.finding.because ?? "", "en")).not.toMatch(/^check failed/);
      }
      expect(run.verdict).toBe(example.expect);
      if (run.outcome.kind !== "finding" || run.verdict === "unknown") return;
      const { finding } = run.outcome;
      expect(finding.message, "a place without a value").not.toMatch(/\{[a-zA-Z]/);
      for (const wording of [check.message, check.expected, check.repair])
        for (const place of places(wording.en)) expect(Object.keys(finding.params)).toContain(place);
      expect(finding.evidence.length).toBeGreaterThan(0);
      for (const { command, excerpt } of finding.evidence) {
        expect(command).toMatch(/^\S/);
        expect(excerpt).toMatch(/\S/);
      }
    },
  );
});
