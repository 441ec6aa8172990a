import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RemedyRuns } from "./runs";
import { press, slowStore, world } from "./testing";

/** What a promise that nobody catches would end the process with. */
let uncaught: unknown[];
const note = (error: unknown) => void uncaught.push(error);
beforeEach(() => {
  uncaught = [];
  process.on("unhandledRejection", note);
});
afterEach(() => {
  process.off("unhandledRejection", note);
  expect(uncaught).toEqual([]);
});

const ends = ["kept", "undone", "failed", "unknown"];
/** Rows that a run writes at most, also one that is undone. */
const most = 12;
const everyRow = Array.from({ length: most }, (_, at) => at);

type World = ReturnType<typeof world>;
/** The store does not take the row with this number, or none from there on. */
function failsAt(w: World, at: number, how: "once" | "from then on"): void {
  let row = -1;
  slowStore(w, () => {
    row++;
    return how === "once" ? row === at : row >= at;
  });
}

/** The host is reachable the whole time: so nothing may be left to its own undo, and what is in place was told as kept. */
function asTold(w: World): void {
  const last = w.phases.at(-1);
  expect(ends).toContain(last?.phase);
  expect(w.host.guard).not.toBe("waiting");
  expect(w.host.enslaved).toBe(last?.phase === "kept");
  expect(w.audit).toHaveLength(1);
  expect(w.audit[0]).toContain(`${last?.phase}: ${last?.says}`);
}

describe.each(["once", "from then on"] as const)("a store that fails %s", (how) => {
  it.each(everyRow)("at row %i keeps no change from its end", async (at) => {
    const w = world();
    failsAt(w, at, how);
    const begun = await press(w).then(
      () => true,
      () => false,
    );
    // Who is told that it has begun finds it: where its first row was not taken, it was refused and nothing was sent.
    expect(begun).toBe(at > 0);
    if (begun) asTold(w);
    else expect(w.ran.filter((one) => !one.startsWith("ROW"))).toEqual([]);
  });

  it.each(everyRow.slice(1))("at row %i keeps no undo from running", async (at) => {
    const w = world({ breaksNeighbour: true });
    failsAt(w, at, how);
    await press(w);
    asTold(w);
    expect(w.host.enslaved).toBe(false);
  });
});

describe("a run", () => {
  it("goes on when nobody can be told of it, and says so in the audit log", async () => {
    const w = world();
    const { progress } = w.deps;
    Object.assign(w.deps, {
      progress: (told: Parameters<typeof progress>[0]) => {
        progress(told);
        throw new Error("no bus");
      },
    });
    await press(w);
    asTold(w);
    expect(w.audit[0]).toContain("the pages could not be told: no bus");
  });

  it("lies in the store before whoever began it is told so", async () => {
    const w = world();
    slowStore(w);
    const plan = await w.runs.plan("h", "tap-not-enslaved@h/tap/vnet0");
    await w.runs.apply(plan.run, "op");
    expect(w.records.get(plan.run)).toMatchObject({ phase: "probing" });
  });

  it("that came back after it was verified is no kept one, whatever the store still says", async () => {
    const w = world({ diesDisarming: true });
    await press(w);
    Object.assign(w.host, { dead: false, enslaved: false });
    await new RemedyRuns(w.deps).recover("h");
    expect(w.phases.at(-1)).toMatchObject({
      phase: "unknown",
      says: expect.stringMatching(/back since; .*the check says now: vnet0 is on no bridge/),
    });
  });

  it("is undone when that is asked for in its last moment, and whoever asked is answered once that is written down", async () => {
    const w = world();
    const { script } = w.connection;
    let asked: Promise<string | undefined> | undefined;
    w.connection.script = async (text, parameters, options) => {
      const answer = await script(text, parameters, options);
      const [run] = w.records.keys();
      // Disarmed, and not yet told as kept.
      if (run !== undefined && w.host.guard === "disarmed")
        asked ??= w.runs.undo(run, "op2").then(() => w.records.get(run)?.phase);
      return answer;
    };
    await press(w);
    expect(["undoing", "undone"]).toContain(await asked);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone", says: "undo was asked for" });
    expect(w.host.enslaved).toBe(false);
  });

  it("that is being taken back is no kept one any more, should we die in between", async () => {
    const w = world();
    const plan = await press(w);
    const { connection } = w;
    const { run } = connection;
    let stored: string | undefined;
    connection.run = (argv, options) => {
      stored = w.records.get(plan.run)?.phase;
      return run(argv, options);
    };
    await w.runs.undo(plan.run, "op2");
    expect(stored).toBe("undoing");
    expect(w.records.get(plan.run)?.phase).toBe("undone");
    // As the row was when we died:
    const [row] = w.records.values();
    if (row) w.records.set(plan.run, { ...row, phase: "undoing" });
    await new RemedyRuns(w.deps).recover("h");
    expect(w.phases.at(-1)).toMatchObject({
      phase: "unknown",
      says: expect.stringContaining("how much was taken back by then is not known"),
    });
  });

  it("that ends unknown while its host is there is asked for again", async () => {
    const w = world({ arming: "lost" });
    const later: string[] = [];
    Object.assign(w.deps, { recoverLater: (host: string) => void later.push(host) });
    await press(w);
    expect(later).toEqual(["h"]);
  });

  it("that cannot be asked for keeps no other from its end", async () => {
    const w = world();
    const plan = await press(w);
    const kept = w.records.get(plan.run);
    if (!kept) throw new Error("no record");
    const other = "0".repeat(24);
    w.records.set(plan.run, { ...kept, phase: "verifying" });
    w.records.set(other, { ...kept, run: other, phase: "verifying" });
    const { script } = w.connection;
    w.connection.script = (text, parameters, options) =>
      parameters[0]?.includes(plan.run) ? Promise.reject(new Error("timeout")) : script(text, parameters, options);
    await expect(new RemedyRuns(w.deps).recover("h")).rejects.toThrow("timeout");
    expect(w.records.get(other)).toMatchObject({ phase: "kept" });
    expect(w.records.get(plan.run)).toMatchObject({ phase: "verifying" });
  });
});
