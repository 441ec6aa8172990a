import { describe, expect, it } from "vitest";
import { z } from "zod";
import { implementedPlatforms, implementedReads, ParseError, type Probe } from "./define";
import { soon } from "./delays";
import { bytesOf } from "./items";
import { probes } from "./registry";

const all: readonly Probe[] = Object.values(probes);

describe.each(all.map((probe) => [probe.id, probe] as const))("probe %s", (id, probe) => {
  it("is the one its key names, and says what a unit must say", () => {
    expect((probes as Record<string, Probe>)[id]).toBe(probe);
    expect(probe.title.en.trim()).not.toBe("");
    expect(probe.title.zh).toMatch(/\p{Script=Han}|^[A-Z]/u);
    expect(probe.sources.length).toBeGreaterThan(0);
    for (const source of probe.sources) expect(source).toMatch(/^https:\/\//);
    expect(probe.timeoutMs).toBeGreaterThanOrEqual(1_000);
    expect(probe.timeoutMs).toBeLessThanOrEqual(60_000);
    expect(probe.maxBytes).toBeGreaterThanOrEqual(4_096);
    expect(probe.maxBytes).toBeLessThanOrEqual(67_108_864);
    expect(probe.command.trim()).not.toBe("");
    expect(probe.examples.length).toBeGreaterThan(0);
  });

  it("is in a form, and for a platform, that something in this house reads", () => {
    expect(implementedReads).toContain(probe.reads ?? "sh");
    for (const platform of probe.on ?? ["linux"]) expect(implementedPlatforms).toContain(platform);
    for (const ms of Object.values(probe.rereadOn ?? {})) expect(ms).toBeGreaterThanOrEqual(soon);
  });

  it("whose fact is a list with a key names each entry by it", () => {
    const { key } = probe;
    if (key === undefined) return;
    for (const { expect: value } of probe.examples)
      for (const entry of z
        .array(z.looseObject({ [key]: z.string() }))
        .min(1)
        .parse(value))
        expect(entry[key]).not.toBe("");
  });

  it.each(probe.examples.map((example) => [example.name, example] as const))("reads: %s", (_name, example) => {
    const raw = { stdout: bytesOf(example.stdout), exit: example.exit ?? 0 };
    const value = probe.parse(raw);
    expect(value).toEqual(example.expect);
    expect(probe.fact.parse(value)).toEqual(example.expect);
  });

  it("refuses each example cut at any byte", () => {
    for (const example of probe.examples) {
      const whole = bytesOf(example.stdout);
      // Nothing that ends before its last new line is whole; the new line itself closes the output and bears no meaning.
      for (let length = 0; length < whole.length - 1; length++) {
        const cut = { stdout: whole.subarray(0, length), exit: example.exit ?? 0 };
        expect(() => probe.parse(cut), `${example.name} cut at ${length} of ${whole.length}`).toThrow(ParseError);
      }
    }
  });
});
