import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HostSegment, Mark } from "./host-segments";
import { passes } from "./passes/registry";
import { mostMembers } from "./segment";
import type { HostNow, Owner } from "./summary";

const hosts = ["a", "b", "c", "d", "e", "f"];
const macs = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"];
const mark = (key: string): Mark => ({ kind: "switch", key, system: key, vlan: 1 });

const some = (of: readonly string[], most: number) => fc.subarray([...of], { maxLength: most });

const segmentOf = (host: string, at: number) =>
  fc
    .record({
      guests: some(["g1", "g2"], 2),
      macs: some(macs, 2),
      heard: some(macs, 2),
      marks: some(["k1", "k2", "k3", "k4"], 1),
    })
    .map(
      (draft): HostSegment => ({
        ref: `${host}/bridge/br${at} 0`,
        at: `${host}/bridge/br${at}`,
        name: `br${at}`,
        guests: draft.guests.map((name) => ({ id: `${host}/vm/${name}`, name })),
        macs: new Map(draft.macs.map((mac) => [mac, ""])),
        heard: new Map(draft.heard.map((mac) => [mac, Number.POSITIVE_INFINITY])),
        marks: draft.marks.map(mark),
      }),
    );

const hostNow = (host: string): fc.Arbitrary<HostNow> =>
  fc
    .record({
      name: fc.constantFrom(host, `${host}2`),
      demo: fc.boolean(),
      live: fc.boolean(),
      owners: some(macs, 3),
      guests: some(macs, 2),
      answered: some(macs, 1),
      segments: fc.subarray([0, 1, 2]).chain((all) => fc.tuple(...all.map((at) => segmentOf(host, at)))),
    })
    .map(({ name, demo, live, owners, guests, answered, segments }) => ({
      name,
      demo: demo && host > "d",
      live,
      summary: {
        owners: new Map(owners.map((mac): [string, Owner] => [mac, {}])),
        guests: new Set(guests),
        answered: new Set(answered),
        segments,
      },
    }));

const step = fc
  .constantFrom(...hosts)
  .chain((host) => fc.tuple(fc.constant(host), fc.option(hostNow(host), { nil: undefined, freq: 6 }), fc.boolean()));

const isNothing = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);

describe.each(passes.map((pass) => [pass.id, pass] as const))("fleet pass %s", (_id, pass) => {
  it("kept up to date says the same as worked out from nothing", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const kept = pass.start();
        const state = new Map<string, unknown>();
        const now = new Map<string, HostNow>();
        const drain = () => {
          for (const [key, value] of kept.changed())
            if (isNothing(value)) state.delete(key);
            else state.set(key, value);
        };
        for (const [host, next, asks] of steps) {
          kept.take(host, next);
          if (next) now.set(host, next);
          else now.delete(host);
          if (asks) drain();
        }
        drain();
        const anew = pass.start();
        for (const [host, one] of [...now].reverse()) anew.take(host, one);
        const expected = [...anew.changed()].filter(([, value]) => !isNothing(value));
        expect([...state].sort(byKey)).toEqual(expected.sort(byKey));
      }),
      { numRuns: 500 },
    );
  });

  it("says nothing where nothing has changed", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const kept = pass.start();
        for (const [host, next] of steps) kept.take(host, next);
        kept.changed();
        const now = new Map(steps.map(([host, next]) => [host, next]));
        for (const [host, next] of now) kept.take(host, next);
        expect([...kept.changed()]).toEqual([]);
      }),
    );
  });
});

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

describe("segments", () => {
  const segments = passes.find((pass) => pass.id === "segments");
  const host = (name: string, more: Partial<HostSegment>): HostNow => ({
    name,
    demo: false,
    live: true,
    summary: {
      owners: new Map(),
      guests: new Set(),
      answered: new Set(),
      segments: [
        {
          ref: `${name}/bridge/br0 0`,
          at: `${name}/bridge/br0`,
          name: "br0",
          guests: [],
          macs: new Map(),
          heard: new Map(),
          marks: [],
          ...more,
        },
      ],
    },
  });

  it("of a thousand hosts in one VLAN stay one small message", () => {
    const work = segments?.start();
    for (let at = 0; at < 1000; at++) work?.take(`h${at}`, host(`h${at}`, { marks: [mark("k1")] }));
    const [one, ...more] = [...(work?.changed().values() ?? [])].filter((value) => value !== undefined);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ hosts: 1000, evidence: [{ kind: "switch", system: "k1", hosts: 1000 }] });
    const { members, rest } = one as { members: unknown[]; rest: unknown[] };
    expect([members.length, rest.length]).toEqual([mostMembers, 1000 - mostMembers]);
    // What is heard is nobody's news.
    work?.take("h7", host("h7", { marks: [mark("k1")], heard: new Map([["m9", 1]]) }));
    expect([...(work?.changed() ?? [])]).toEqual([]);
  });

  it("of a host that nothing tells of are not shared", () => {
    const work = segments?.start();
    work?.take("a", host("a", { marks: [mark("k1")] }));
    work?.take("b", host("b", { marks: [mark("k2")], heard: new Map([["m1", 1]]) }));
    expect([...(work?.changed() ?? [])]).toEqual([]);
    // A MAC that two hosts own tells nothing.
    work?.take("a", host("a", { macs: new Map([["m1", "web-01"]]) }));
    expect([...(work?.changed().values() ?? [])]).toMatchObject([
      { hosts: 2, evidence: [{ kind: "heard", by: "b", mac: "m1", who: "web-01", of: "a" }] },
    ]);
    work?.take("c", host("c", { macs: new Map([["m1", "web-02"]]) }));
    expect([...(work?.changed().values() ?? [])]).toEqual([undefined]);
  });
});
