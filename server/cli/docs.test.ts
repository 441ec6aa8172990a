import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ScanResult } from "@/lib/wire/scan";

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

it("the example in docs/scan-format.md fits the schema, with nothing that the schema does not know", () => {
  const example = /```json\n([\s\S]*?)```/.exec(read("scan-format.md"))?.[1] ?? "";
  const value: unknown = JSON.parse(example);
  expect(ScanResult.parse(value)).toEqual(value);
});

it("docs/scan-format.md names every field and every word of the schema", () => {
  const text = read("scan-format.md");
  const shapes = [ScanResult.shape, ...["hosts", "nodes", "edges", "findings"].map((key) => part(key))];
  for (const field of shapes.flatMap((shape) => Object.keys(shape))) expect(text).toContain(`\`${field}`);
  const { kind, status } = ScanResult.shape.nodes.element.shape;
  const words = [...kind.options, ...status.options, ...ScanResult.shape.edges.element.shape.kind.options];
  for (const word of words) expect(text).toContain(`\`${word}\``);
});

function part(key: string): object {
  if (key === "hosts") return ScanResult.shape.hosts.element.shape;
  if (key === "nodes") return ScanResult.shape.nodes.element.shape;
  if (key === "edges") return ScanResult.shape.edges.element.shape;
  return ScanResult.shape.findings.element.shape;
}
