import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { edgeKinds, nodeKinds } from "../../graph/model";
import { incidentVersions, readIncident } from "./incident";
import { upgraded } from "./upgrade";

const fixtures = new URL("./fixtures/", import.meta.url);
const fixture = (name: string): unknown => JSON.parse(readFileSync(new URL(name, fixtures), "utf8"));

describe("a stored incident", () => {
  it("is kept here of every version", () => {
    const kept = readdirSync(fixtures).filter((name) => name.startsWith("incident-"));
    expect(kept.sort()).toEqual(incidentVersions.map(({ version }) => `incident-${version}.json`).sort());
    expect(incidentVersions.map(({ version }) => version)).toEqual(incidentVersions.map((_, at) => at + 1));
  });

  it.each(incidentVersions.map(({ version }) => version))("of version %i opens, with all that it showed", (version) => {
    const stored = fixture(`incident-${version}.json`) as ReturnType<typeof readIncident>;
    const read = readIncident(stored);
    expect(read.version).toBe(incidentVersions.length);
    const { nodes, edges, findings } = read.snapshot;
    expect(nodes.map(({ id }) => id)).toEqual(stored.snapshot.nodes.map(({ id }) => id));
    expect(edges.map(({ id }) => id)).toEqual(stored.snapshot.edges.map(({ id }) => id));
    expect(findings.map(({ key }) => key)).toEqual(stored.snapshot.findings.map(({ key }) => key));
    expect([read.takenAt, read.madeBy, read.note, read.selection]).toEqual([
      stored.takenAt,
      stored.madeBy,
      stored.note,
      stored.selection,
    ]);
    // One that named a single remedy names it still.
    expect(findings.find(({ check }) => check === "tap-not-enslaved")?.remedies).toEqual(["enslave"]);
    // Every fault stands in exactly one problem, as a head or under one.
    const told = read.snapshot.problems.flatMap(({ key, tail }) => [key, ...tail.map((one) => one.key)]).sort();
    expect(told).toEqual(findings.flatMap(({ key, status }) => (status === "unknown" ? [] : key)).sort());
    expect(read.snapshot.problems.some(({ tail }) => tail.length > 0)).toBe(true);
  });

  it("holds every kind of its day: a kind that is renamed or goes needs an upgrade that gives it a word", () => {
    const { snapshot } = readIncident(fixture("incident-1.json"));
    const kinds = (of: readonly { readonly kind: string }[]) => new Set(of.map(({ kind }) => kind)).size;
    expect([kinds(snapshot.nodes), kinds(snapshot.edges)]).toEqual([17, 13]);
    expect([nodeKinds.length >= 17, edgeKinds.length >= 13]).toEqual([true, true]);
  });

  it("of a version that nobody knows, or that does not fit its own, is refused by name", () => {
    const stored = fixture("incident-1.json") as object;
    expect(() => readIncident({ ...stored, version: 99 })).toThrow("this incident is of version 99");
    expect(() => readIncident({ ...stored, snapshot: 5 })).toThrow("this incident of version 1 does not fit: snapshot");
    for (const value of [null, 7, "x", [], {}]) expect(() => upgraded("incident", incidentVersions, value)).toThrow();
  });
});
