import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { implementedPlatforms, type Probe } from "../probes/define";
import { probes } from "../probes/registry";
import { type EventSource, gap } from "./define";
import { sources } from "./registry";

const all: readonly EventSource[] = Object.values<EventSource>(sources);
/** Every news that there is, as probes name them. */
const news = new Set(all.flatMap(({ id, tells }) => [...tells, gap].map((one) => `${id}:${one}`)));
const wanted = new Set(Object.values<Probe>(probes).flatMap(({ rereadOn }) => Object.keys(rereadOn ?? {})));

describe.each(all.map((source) => [source.id, source] as const))("event source %s", (id, source) => {
  it("is the one its key names, and says what a unit must say", () => {
    expect((sources as Record<string, EventSource>)[id]).toBe(source);
    expect(source.title.en.trim()).not.toBe("");
    expect(source.title.zh).toMatch(/\p{Script=Han}/u);
    expect(implementedPlatforms).toContain(source.on);
    expect(source.sources.length).toBeGreaterThan(0);
    for (const one of source.sources) expect(one).toMatch(/^https:\/\//);
    expect(source.examples.length).toBeGreaterThan(0);
  });

  it.each(source.examples.map((example) => [example.line, example] as const))("reads: %s", (line, example) => {
    expect(source.news(source.parse(line), {})).toEqual(example.news);
  });

  it("never throws, and tells no news but its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (line) => {
        for (const one of source.news(source.parse(line), {})) expect([...source.tells, gap]).toContain(one);
      }),
    );
  });

  it("tells nothing that no probe waits for", () => {
    // Some are said by another source as well.
    const idle = source.tells.filter((one) => !wanted.has(`${id}:${one}`));
    expect(idle).toEqual([]);
  });
});

describe("what probes wait for", () => {
  it("is told by a source", () => {
    expect([...wanted].filter((one) => !news.has(one))).toEqual([]);
  });

  it("of libvirt are rulesets when a guest comes or goes, not when its clock is set", () => {
    const asked = (what: string) => {
      const source: EventSource = sources["virsh-event"];
      const told = source.news(
        source.parse(`2026-11-21 18:00:00.000+0000: event '${what}' for domain 'web-01': x`),
        {},
      );
      return Object.values<Probe>(probes)
        .filter(({ rereadOn }) => told.some((one) => rereadOn?.[`virsh-event:${one}`] !== undefined))
        .map(({ id }) => id);
    };
    expect(asked("lifecycle")).toEqual(expect.arrayContaining(["libvirt-networks", "nft", "iptables"]));
    expect(asked("rtc-change")).not.toContain("nft");
    expect(asked("rtc-change")).toContain("libvirt-networks");
  });

  it("of the kernel is libvirt's word on where a guest's NIC belongs, when it moves to another bridge", () => {
    const waits = (probe: Probe) => Object.keys(probe.rereadOn ?? {});
    expect(waits(probes["libvirt-domains"])).toContain("ip-monitor:moved");
    expect(waits(probes["libvirt-domains"])).not.toContain("ip-monitor:link");
  });
});
