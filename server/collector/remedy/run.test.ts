import { describe, expect, it } from "vitest";
import { saidIn } from "@/lib/text/said";
import { compareAnswers } from "./run";
import { RemedyRuns } from "./runs";
import { press, slowStore, world } from "./testing";

describe("a guarded change", () => {
  it("arms before it touches, keeps what works, and disarms", async () => {
    const w = world();
    const plan = await press(w);
    expect(plan).toMatchObject({
      remedy: "enslave",
      remedies: ["enslave"],
      options: [{ steps: [{ do: "ip link set dev vnet0 master br0", undo: "ip link set dev vnet0 nomaster" }] }],
    });
    expect(w.ran).toEqual(["ARM", "ip link set dev vnet0 master br0", "DISARM"]);
    expect(w.phases.at(-1)).toMatchObject({ phase: "kept", says: "1 of 1 affected guests answer" });
    expect(w.audit).toHaveLength(1);
    expect(w.audit[0]).toContain("kept");
    expect(w.host).toMatchObject({ enslaved: true, guard: "disarmed" });
  });

  it("touches the host only once the row that speaks of it lies in the store", async () => {
    const w = world();
    slowStore(w);
    await press(w);
    expect(w.ran).toEqual([
      ...["ROW probing", "ROW arming", "ARM", "ROW arming, due"],
      ...["ROW applying, due", "ip link set dev vnet0 master br0", "ROW settling, due", "ROW verifying, due"],
      ...["ROW verifying, due, verified", "DISARM", "ROW kept, due, verified"],
    ]);
    const [kept] = w.records.values();
    expect(kept?.steps).toEqual([{ by: "runtime", change: { kind: "master", device: "vnet0", to: "br0", was: null } }]);
  });

  it("touches nothing that could not be written down first, and says so", async () => {
    const unwritten = world();
    slowStore(unwritten, (row) => row === "ROW arming");
    await press(unwritten);
    expect(unwritten.ran.filter((one) => !one.startsWith("ROW"))).toEqual([]);
    expect(unwritten.phases.at(-1)).toMatchObject({ phase: "failed", says: "nothing was changed: disk full" });
    const armed = world();
    slowStore(armed, (row) => row === "ROW applying, due");
    await press(armed);
    expect(armed.ran.filter((one) => !one.startsWith("ROW"))).toEqual(["ARM", "DISARM"]);
    expect(armed.phases.at(-1)).toMatchObject({
      phase: "failed",
      says: expect.stringMatching(/^nothing was changed: /),
    });
    expect(armed.audit).toHaveLength(1);
  });

  it("undoes a change after which the finding is still there, undo first and disarm after", async () => {
    const w = world({ applyWorks: false });
    await press(w);
    expect(w.ran).toEqual(["ARM", "ip link set dev vnet0 master br0", "ip link set dev vnet0 nomaster", "DISARM"]);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone" });
  });

  it("undoes a step that the host turned down, with the host's words", async () => {
    const w = world({ stepFails: true });
    await press(w);
    expect(w.phases.at(-1)?.phase).toBe("undone");
    expect(w.phases.at(-1)?.says).toContain("Device does not exist");
  });

  it("undoes a change that silences a guest that answered before", async () => {
    const w = world({ breaksNeighbour: true });
    await press(w);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone", says: "no longer answering: h/vm/web-02" });
    expect(w.host.enslaved).toBe(false);
  });

  it("applies nothing where the undo could not be armed, and speaks of no undo", async () => {
    const w = world({ arming: "refused" });
    await press(w);
    expect(w.ran).toEqual(["ARM"]);
    expect(w.phases.at(-1)).toMatchObject({ phase: "failed" });
    expect(w.phases.at(-1)?.says).toMatch(/^nothing was changed: the undo could not be armed/);
    expect(w.phases.filter((p) => p.undoAt !== undefined)).toEqual([]);
    expect([...w.records.values()]).toMatchObject([{ guard: null, undoAt: null }]);
  });

  it("applies nothing when arming was not heard of, and disarms what may wait there when the host is back", async () => {
    const w = world({ arming: "lost" });
    await press(w);
    expect(w.ran).toEqual(["ARM"]);
    expect(w.phases.at(-1)?.phase).toBe("unknown");
    expect(w.phases.at(-1)?.says).toContain("nothing was changed");
    w.host.dead = false;
    await new RemedyRuns(w.deps).recover("h");
    expect(w.host.guard).toBe("disarmed");
    expect(w.phases.at(-1)).toMatchObject({ phase: "failed" });
    expect(await w.deps.store.open()).toEqual([]);
  });

  it("says before anything is shown that a narrow sudo is not enough", async () => {
    const w = world({ narrowSudo: true });
    await expect(w.runs.plan("h", "tap-not-enslaved@h/tap/vnet0")).rejects.toMatchObject({
      code: "no-root",
      message: expect.stringContaining("a password is required"),
    });
    expect(w.ran).toEqual([]);
  });

  it("waits for the host's own try when its undo fails, and says that this failed too", async () => {
    const w = world({ applyWorks: false, undoFails: true });
    await press(w);
    expect(w.phases.at(-1)?.phase).toBe("failed");
    expect(w.phases.at(-1)?.says).toMatch(
      /undo failed: .* failed: ip link set dev vnet0 nomaster: exit 2: Operation not permitted/,
    );
  });

  /** How a change that was cut off while it was applied reads later, by what its host says then. */
  it.each([
    [
      "ended\n0 0 \nend",
      false,
      "undone",
      "the host undid the change by itself; the check says now: vnet0 is on no bridge",
    ],
    ["ended\n0 2 no such device\nend", true, "failed", "ip link set dev vnet0 nomaster: exit 2: no such device"],
    [
      "rebooted",
      true,
      "unknown",
      "the host has been rebooted since, and its undo went with it; the check is clear now",
    ],
    ["rebooted", false, "unknown", "the check says now: vnet0 is on no bridge"],
    ["gone", true, "unknown", "no longer on the host"],
    ["vanished", true, "unknown", "it never fired"],
    ["cut", false, "unknown", "before it had tried every step"],
    ["disarmed", true, "unknown", "how much was taken back"],
  ])("after a cut, %j (change in place: %s) reads as %s", async (guard, enslaved, phase, says) => {
    const w = world({ dies: true });
    await press(w);
    expect(w.phases.at(-1)).toMatchObject({ phase: "unknown" });
    expect(w.host.guard).toBe("waiting");
    expect(w.ran).not.toContain("DISARM");
    Object.assign(w.host, { dead: false, guard, enslaved });
    await new RemedyRuns(w.deps).recover("h");
    expect(w.phases.at(-1)?.phase).toBe(phase);
    expect(w.phases.at(-1)?.says).toContain(says);
    expect(w.audit.at(-1)).toContain(`${phase}: `);
    expect(await w.deps.store.open()).toEqual([]);
  });

  it("is kept, and can be taken back, when the connection went between disarming and its answer", async () => {
    const w = world({ diesDisarming: true });
    const plan = await press(w);
    expect(w.phases.at(-1)?.says).toContain("Whether the undo was disarmed is not known");
    w.host.dead = false;
    const later = new RemedyRuns(w.deps);
    await later.recover("h");
    expect(w.phases.at(-1)).toMatchObject({ phase: "kept" });
    await later.undo(plan.run, "op2");
    expect(w.host.enslaved).toBe(false);
  });

  it("is undone when the connection went between the undo's disarming and its answer", async () => {
    const w = world({ diesDisarming: true, breaksNeighbour: true });
    await press(w);
    w.host.dead = false;
    await new RemedyRuns(w.deps).recover("h");
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone" });
    expect(await w.deps.store.open()).toEqual([]);
  });

  it("takes back on request what nobody knows the outcome of", async () => {
    const w = world({ dies: true });
    const plan = await press(w);
    Object.assign(w.host, { dead: false, guard: "rebooted", enslaved: true });
    const later = new RemedyRuns(w.deps);
    await later.recover("h");
    await later.undo(plan.run, "op2");
    expect(w.host.enslaved).toBe(false);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone", says: "taken back by op2" });
  });

  it("takes a kept change back on request, once", async () => {
    const w = world();
    const plan = await press(w);
    await w.runs.undo(plan.run, "op2");
    expect(w.host.enslaved).toBe(false);
    expect(w.phases.at(-1)).toMatchObject({ phase: "undone", says: "taken back by op2" });
    await expect(w.runs.undo(plan.run, "op2")).rejects.toMatchObject({ code: "not-found" });
  });

  it("refuses what is not there, not connected, without root, or changed since it was shown", async () => {
    const w = world();
    await expect(w.runs.plan("nobody", "x@y")).rejects.toMatchObject({ code: "not-found" });
    await expect(w.runs.plan("h", "tap-not-enslaved@h/tap/other")).rejects.toMatchObject({ code: "changed" });
    await expect(w.runs.apply("0000", "op")).rejects.toMatchObject({ code: "not-found" });
    const plan = await w.runs.plan("h", "tap-not-enslaved@h/tap/vnet0");
    w.host.enslaved = true;
    await expect(w.runs.apply(plan.run, "op")).rejects.toMatchObject({ code: "refused" });
    expect(w.ran).toEqual([]);
    const rootless = world({ root: "none" });
    await expect(rootless.runs.plan("h", "tap-not-enslaved@h/tap/vnet0")).rejects.toMatchObject({ code: "no-root" });
  });
});

describe("judging by the guest", () => {
  const m = (entries: Record<string, "icmp" | "arp" | "silent" | "no-address">) => new Map(Object.entries(entries));
  it("tells lost from waiting from not asked", () => {
    expect(
      compareAnswers(m({ a: "icmp", b: "silent" }), m({ a: "silent", b: "silent" }), new Set(["b"])),
    ).toMatchObject({ lost: ["a"], waiting: ["b"] });
    expect(compareAnswers(m({ a: "icmp" }), m({ a: "arp" }), new Set(["a"]))).toMatchObject({ lost: [], waiting: [] });
    const { says } = compareAnswers(m({ a: "no-address" }), m({ a: "no-address" }), new Set(["a"]));
    expect(saidIn(says, "en")).toContain("judged by the check alone: a");
    expect(saidIn(says, "zh")).toContain("仅凭检查判断：a");
  });
});
