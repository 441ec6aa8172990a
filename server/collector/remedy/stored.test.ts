import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asWritten, saidIn } from "@/lib/text/said";
import { openStore, type Store } from "@/server/store/store";
import type { HostConnection } from "../ssh/api";
import type { RemedyHost, RunRefused } from "./api";
import { allowed, runOn } from "./commands";
import { undoScript } from "./guard";
import { RemedyRuns, storedRefused } from "./runs";
import { runStore } from "./store";

/** Whoever can write into the database must not be root on the hosts (the web process could, and was: `undoArgv ["sh","-c",...]` in a kept run, run as root). These are rows that he might write. */

const dir = mkdtempSync(join(tmpdir(), "taproot-stored-"));
let store: Store;
beforeAll(async () => {
  store = await openStore(dir, Buffer.alloc(32, 7));
});
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const now = 1_000_000;
const run = "0123456789abcdef01234567";
const up = { by: "runtime", change: { kind: "up", device: "br0", to: "up", was: "down" } };
const good = {
  ...{ run, host: "h", remedy: "set-up", finding: "bridge-down@h/bridge/br0", who: "op", phase: "kept", says: "" },
  ...{ steps: [up], guard: "systemd", undoAt: now, startedAt: now, updatedAt: now },
};
/** The good row with one change in it, and the remedy that it says made it. */
const changed = (remedy: string, change: unknown) => ({ ...good, remedy, steps: [{ by: "runtime", change }] });
/** The kept change of the good row, with something else in it. */
const upWith = (part: object) => changed("set-up", { ...up.change, ...part });

const ran: (readonly string[])[] = [];
const audit: { who: string; what: string; host: string; outcome: string; detail: string }[] = [];
const told: RunRefused[] = [];
const connection = {
  root: "direct",
  run: async (argv: readonly string[]) => {
    ran.push(argv);
    return { exit: 0, stdout: "", stderr: "" };
  },
} as unknown as HostConnection;
const host = { connection: () => connection, reread: async () => undefined } as unknown as RemedyHost;

const runs = () =>
  new RemedyRuns({
    host: (id) => (id === "h" ? host : undefined),
    store: runStore(store.remedyRuns, (refused) => void told.push(refused)),
    audit: (row) => void audit.push(row),
    progress: () => undefined,
    now: () => now,
    sleep: async () => undefined,
  });

const write = (body: unknown, columns: { run?: string; host?: string; ended?: boolean } = {}) =>
  store.remedyRuns.put({
    ...{ run, host: "h", ended: true, updatedAt: now, ...columns },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

beforeEach(async () => {
  await store.db.deleteFrom("remedy_run").execute();
  for (const list of [ran, audit, told]) list.length = 0;
});

describe("the undo of a kept run", () => {
  it("is planned from the catalogue, and what became of it is stored", async () => {
    await write(good);
    await runs().undo(run, "op2");
    expect(ran).toEqual([["ip", "link", "set", "dev", "br0", "down"]]);
    expect(audit).toMatchObject([{ who: "op2", what: "remedy set-up", detail: "ip link set dev br0 down" }]);
    expect(JSON.parse((await store.remedyRuns.get(run))?.body ?? "")).toMatchObject({ phase: "undone", steps: [up] });
  });

  it("runs once, however often it is asked for at the same time", async () => {
    await write(good);
    const undone = runs();
    const ends = await Promise.allSettled([undone.undo(run, "a"), undone.undo(run, "b")]);
    expect(ends.map((end) => end.status)).toEqual(["fulfilled", "rejected"]);
    expect(ran).toHaveLength(1);
  });

  it("is not had for a run of an older release: its commands are never run", async () => {
    const shell = { do: "ip link set dev br0 up", undo: "ip link set dev br0 down", undoArgv: ["sh", "-c", "id"] };
    await write({ ...good, steps: [shell] });
    await expect(runs().undo(run, "op")).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(/older release/),
    });
    expect(ran).toEqual([]);
  });

  const uuid = "5b000000-0000-4000-8000-000000000001";
  const tampered: readonly (readonly [string, unknown])[] = [
    ["a vector beside the change", { ...good, steps: [{ ...up, undoArgv: ["sh", "-c", "id"] }] }],
    ["a vector in the change", upWith({ undo: ["sh", "-c", "id"] })],
    ["a key too many in the row", { ...good, root: true }],
    ["a kind that there is not", changed("set-up", { kind: "shell", to: "id", was: "" })],
    ["a kind by the name of a prototype's member", changed("set-up", { ...up.change, kind: "constructor" })],
    ["another remedy's kind", changed("set-up", { kind: "unit", unit: "ssh.service", to: "started", was: "stopped" })],
    ["a remedy that there is not", changed("shell", up.change)],
    ["a remedy by the name of a prototype's member", changed("__proto__", up.change)],
    ["a manager that there is not", { ...good, steps: [{ ...up, by: "netplan" }] }],
    ["a manager by the name of a prototype's member", { ...good, steps: [{ ...up, by: "constructor" }] }],
    ["white space in a name", upWith({ device: "br0 down" })],
    ["a line end in a name", upWith({ device: "br0\nid" })],
    ["a name of 16 bytes", upWith({ device: "é234567890123456".slice(0, 15) })],
    ["a path for a name", upWith({ device: "../../x" })],
    ["no name", upWith({ device: "" })],
    ["an option for a namespace", upWith({ netns: "-all" })],
    ["a state that there is not", upWith({ was: "delete" })],
    ["an option where ethtool takes one", changed("grow-ring", { kind: "ring", device: "-rf", to: 2, was: 1 })],
    ["an option where nmcli takes one", changed("unmanage", { kind: "managed", device: "-rf", to: "no", was: "yes" })],
    [
      "an option where ovs-vsctl takes one",
      changed("ovs-standalone", { kind: "ovs-fail-mode", bridge: "--x", to: "standalone", was: "secure" }),
    ],
    [
      "a shell's word for a unit",
      changed("restart-unit", { kind: "unit", unit: ";reboot.service", to: "started", was: "stopped" }),
    ],
    ["another setting", changed("set-sysctl", { kind: "sysctl", key: "kernel.core_pattern", to: 1, was: 0 })],
    [
      "a setting that climbs out of its folder",
      changed("set-sysctl", { kind: "sysctl", key: "net/ipv4/conf/../rp_filter", to: 2, was: 0 }),
    ],
    [
      "a pattern for a setting",
      changed("set-sysctl", { kind: "sysctl", key: "net/ipv4/conf/*/rp_filter", to: 2, was: 0 }),
    ],
    ["another module", changed("load-module", { kind: "module", module: "evil", to: "absent", was: "loaded" })],
    ["a number that is none", changed("align-mtu", { kind: "mtu", device: "nic1", to: 1500, was: "1400; id" })],
    ["a number out of range", changed("align-mtu", { kind: "mtu", device: "nic1", to: 1500, was: 7e9 })],
    ["a guest by its name", changed("start-guest", { kind: "domain", uuid: "web-01", to: "running", was: "paused" })],
    [
      "a state of a guest that there is not",
      changed("start-guest", { kind: "domain", uuid, to: "running", was: "undefine" }),
    ],
    [
      "a rule without a condition",
      changed("echo-allow", { kind: "rule", chain: "INPUT", to: "accept", was: "absent" }),
    ],
    [
      "a set's name that ends it",
      changed("mac-allow", {
        ...{ kind: "set-element", family: "bridge", table: "t", set: "s { }; flush ruleset" },
        ...{ mac: "52:54:00:5b:00:01", to: "present", was: "absent" },
      }),
    ],
    ["another run's name in the body", { ...good, run: "f".repeat(24) }],
    ["another host in the body", { ...good, host: "other" }],
    ["a name of a run that none has", { ...good, run: "x" }],
    ["an end in the body that its column has not", { ...good, phase: "verifying" }],
    ["no JSON", "{"],
    ["no object", "null"],
    ["a body without end", { ...good, says: "x".repeat(300_000) }],
  ];
  it.each(tampered)("is refused, into the audit log, where the row holds %s", async (_, row) => {
    await write(row);
    await expect(runs().undo(run, "op")).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(/is refused: /),
    });
    expect(ran).toEqual([]);
    expect(audit).toMatchObject([
      { who: "op", what: storedRefused, host: "h", outcome: expect.stringMatching(/^refused: the stored change/) },
    ]);
  });

  it("is refused for changes that the remedy does not make, also where the store did not look", async () => {
    const record = changed("set-up", { kind: "unit", unit: "ssh.service", to: "started", was: "stopped" });
    const unlooked = new RemedyRuns({
      host: () => host,
      store: { put: async () => undefined, get: async () => record as never, open: async () => [] },
      audit: (row) => void audit.push(row),
      progress: () => undefined,
      now: () => now,
      sleep: async () => undefined,
    });
    await expect(unlooked.undo(run, "op")).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(/no change of kind unit/),
    });
    expect(ran).toEqual([]);
    expect(audit).toHaveLength(1);
  });
});

describe("runs without an end", () => {
  it("are found beside a row that is refused, which is told by its name", async () => {
    const open = { ...good, phase: "verifying" };
    await write(open, { ended: false });
    const other = "f".repeat(24);
    await write({ ...open, run: other, steps: [{ ...up, by: "sh" }] }, { run: other, ended: false });
    const found = await runStore(store.remedyRuns, (refused) => void told.push(refused)).open();
    expect(found.map((record) => record.run)).toEqual([run]);
    expect(told.map((refused) => refused.run)).toEqual([other]);
  });

  it("of an older release say in one language what they said", async () => {
    await write({ ...good, says: "taken back by op" });
    const found = await runStore(store.remedyRuns, (refused) => void told.push(refused)).get(run);
    expect(found?.says).toEqual(asWritten("taken back by op"));
    await write({ ...good, says: { id: "takenBack", params: { who: "op" } } });
    const now = await runStore(store.remedyRuns, (refused) => void told.push(refused)).get(run);
    expect(now && saidIn(now.says, "zh")).toBe("已由 op 撤回");
  });

  it("that an older release left are found: their host may still undo them", async () => {
    const steps = [{ do: "a", undo: "b", undoArgv: ["ip", "link"] }];
    await write({ ...good, phase: "verifying", steps }, { ended: false });
    const found = await runStore(store.remedyRuns, (refused) => void told.push(refused)).open();
    expect(found).toMatchObject([{ run, guard: "systemd", undoAt: now, steps: [] }]);
    expect(told).toEqual([]);
  });
});

describe("a program that no change may run", () => {
  const off = [["sh", "-c", "id"], ["/usr/sbin/ip"], ["ip link"], ["constructor"], ["__proto__"], [""], ["-x"], []];
  it.each(off.map((argv) => [argv]))("%j is refused where a command would go to a host", async (argv) => {
    await expect(runOn(connection, argv as never, { run, at: 0 })).rejects.toThrow(/no program that a change may run/);
    expect(() => undoScript({ steps: [{ undo: argv as never }] })).toThrow(/no program that a change may run/);
    expect(() => allowed(argv)).toThrow(/no program/);
    expect(ran).toEqual([]);
  });

  it("is looked for in one place: nothing else of guarded changes sends a command", () => {
    const folder = fileURLToPath(new URL(".", import.meta.url));
    const senders = readdirSync(folder)
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .filter((name) => /\.run\(/.test(readFileSync(join(folder, name), "utf8")));
    expect(senders).toEqual(["commands.ts"]);
  });
});
