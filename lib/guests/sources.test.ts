import { describe, expect, it } from "vitest";
import { bondHost, factsOf } from "../checks/testing";
import { guestDoubts, guestProbes, guestsOf } from "../graph/guests";
import { probes } from "../probes/registry";
import type { GuestSource } from "./define";
import { sources } from "./registry";

const all = Object.entries<GuestSource>(sources);

describe.each(all)("guest source %s", (_name, source) => {
  it("reads probes that there are, doubts only what it reads, and finds nobody where nothing was read", () => {
    for (const probe of source.reads) expect(Object.keys(probes)).toContain(probe);
    for (const probe of source.doubtWithout ?? []) expect(source.reads).toContain(probe);
    expect(source.guests({})).toEqual([]);
  });
});

describe("sources of guests", () => {
  it("each have a rank of their own, and the passes ask for all that they read", () => {
    expect(new Set(all.map(([, { rank }]) => rank)).size).toBe(all.length);
    for (const [, source] of all) expect(guestProbes).toEqual(expect.arrayContaining([...source.reads]));
    expect(guestDoubts).toEqual(["libvirt-domains"]);
  });
  it("fill each other's gaps: libvirt's word stands, the process adds what only it knows", () => {
    const process = {
      pid: 4711,
      emulator: "qemu-system-x86_64",
      name: "renamed",
      uuid: "5b000000-0000-4000-8000-000000000001",
      libvirt: true,
      nics: [],
    };
    const nameless = { pid: 4712, emulator: "qemu-system-x86_64", libvirt: false, nics: [] };
    const guests = guestsOf({ ...bondHost(), ...factsOf({ "qemu-proc": [process, nameless] }) });
    expect(guests.map(({ name, pid, sources }) => ({ name, pid, sources }))).toEqual([
      { name: "web-01", pid: 4711, sources: ["libvirt", "qemu"] },
      { name: "web-02", pid: undefined, sources: ["libvirt"] },
      { name: "qemu 4712", pid: 4712, sources: ["qemu"] },
    ]);
  });
});
