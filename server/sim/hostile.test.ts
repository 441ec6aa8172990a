import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isAsked, type Probe } from "@/lib/probes/define";
import { type ProbeId, probes } from "@/lib/probes/registry";
import type { HostDelta } from "@/lib/wire/model";
import { HostSpec } from "@/lib/wire/rest";
import { makeEngine } from "@/server/collector/engine";
import { Fleet } from "@/server/collector/fleet/fleet";
import { type EventHandlers, type HostConnection, type ProbeRun, SshFailure } from "@/server/collector/ssh/api";
import { HostBudget, SumBudget } from "@/server/collector/ssh/budget";
import { toProbeRun } from "@/server/collector/ssh/outcome";
import { Answers } from "./answers";
import { buildHost } from "./build";
import { type Forgery, forged, forgeries } from "./forgeries";
import { SimMachine } from "./host";

const guests = 6;
const calmMs = 1_500;
const read = Object.values<Probe>(probes).filter(isAsked);

/** A simulated host without SSH: what it prints goes the way of all output, through the probe's parser, the session, the engine and the fleet. */
class PlainHost implements HostConnection {
  readonly root = "direct";
  readonly hostname = "sim";
  readonly platform = "linux";
  readonly reads = "sh";
  readonly machine: SimMachine;
  readonly answers: Answers;
  handlers: EventHandlers | undefined;
  /** Which probe lies, and how. */
  lie: { readonly probe: string; readonly how: Forgery } | undefined;
  outcomes = new Map<string, ProbeRun["outcome"]>();
  private end: (failure: SshFailure) => void = () => undefined;
  readonly closed = new Promise<SshFailure>((resolve) => {
    this.end = resolve;
  });

  constructor(index: number) {
    this.machine = new SimMachine(buildHost(5, index, guests, Date.now()), Date.now);
    this.answers = new Answers(this.machine, 0);
  }

  async sweep(asked: readonly Probe[], onResult?: (run: ProbeRun) => void): Promise<ProbeRun[]> {
    const budget = new HostBudget(new SumBudget()).sweep();
    const runs: ProbeRun[] = [];
    for (const probe of asked) {
      await Promise.resolve();
      const honest = this.answers.answer(probe.id, Date.now());
      const { stdout, exit } = this.lie?.probe === probe.id ? forged(this.lie.how, honest) : honest;
      const over = budget.take(probe.id, stdout.length) ?? (stdout.length > probe.maxBytes ? "too much" : undefined);
      const how = over === undefined ? ("exit" as const) : ("cut" as const);
      const ending = { how, exit, stdout, stderr: new Uint8Array(), bytes: stdout.length, errBytes: 0, ms: 1 };
      const run = toProbeRun(probe, ending, Date.now());
      expect(run.fault, `${probe.id}, ${this.lie?.how}: ${run.fault?.stack}`).toBeUndefined();
      this.outcomes.set(probe.id, run.outcome);
      runs.push(run);
      onResult?.(run);
    }
    return runs;
  }

  async follow(handlers: EventHandlers): Promise<void> {
    this.handlers = handlers;
    handlers.onSource("ip-monitor", "following", "");
    this.machine.follow((events) => {
      for (const { source, line } of events) handlers.onLine(source, line);
    });
  }

  run = () => Promise.reject(new Error("not in this test"));
  script = () => Promise.reject(new Error("not in this test"));
  open = () => Promise.reject(new Error("not in this test"));
  close(): void {
    this.end(new SshFailure("lost", "closed on our side"));
  }
}

const spec = (id: string) => HostSpec.parse({ id, address: "192.0.2.1", user: "root", login: { kind: "agent" } });
const names = ["neighbour", ...Object.keys(forgeries)];
const hosts = new Map<string, PlainHost>();
const deltas: HostDelta[] = [];
const faults: unknown[] = [];
const fleet = new Fleet({
  epoch: "e",
  connect: async ({ id }) => {
    const host = new PlainHost(names.indexOf(id));
    hosts.set(id, host);
    return host;
  },
  keys: { lines: () => [] },
  makeEngine,
  probes,
  memory: { get: () => Promise.resolve({}), put: () => Promise.resolve() } as never,
  problems: {
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
    openOf: () => Promise.resolve([]),
  } as never,
  settings: {},
  log: (event, more) => {
    if (event === "fault" || event === "parser-threw" || event === "check-threw") faults.push({ event, ...more });
  },
  onDelta: (delta) => deltas.push(delta),
  onFleet: () => undefined,
  // No sweeps of its own meanwhile.
  pace: { fastMs: 3_600_000, slowMs: 3_600_000 },
});

beforeAll(async () => {
  for (const id of names) await fleet.add(spec(id), true);
  await vi.waitFor(() => expect(names.filter((id) => !fleet.host(id)?.readAll)).toEqual([]), {
    timeout: 100_000,
    interval: 100,
  });
}, 120_000);
afterAll(() => fleet.stop());

/** What the last change of a link made its host read again has been read: nothing is told for longer than the readings that follow an event may wait. */
async function calm(): Promise<void> {
  for (let seen = -1; seen !== deltas.length; ) {
    seen = deltas.length;
    await new Promise((resolve) => setTimeout(resolve, calmMs));
  }
}

describe("hostile output of every probe, twice", () => {
  it.each(Object.keys(forgeries) as Forgery[])(
    "%s: the host's state is honest, and its neighbour is untouched",
    { timeout: 120_000 },
    async (how) => {
      const actor = fleet.host(how);
      const host = hosts.get(how);
      if (!actor || !host) throw new Error("no such host");
      await calm();
      const before = fleet.host("neighbour")?.engine.snapshot();
      const seen = deltas.length;
      for (const { id } of read) {
        host.lie = { probe: id, how };
        for (let reading = 0; reading < 2; reading++) await actor.readNow([id as ProbeId]);
        const outcome = host.outcomes.get(id);
        const { state, reason } = actor.info;
        expect(faults, `${id} ${how}`).toEqual([]);
        expect(["live", "degraded"], `${id} ${how}`).toContain(state);
        // What could not be read is named; what was taken for whole is nobody's gap.
        if (outcome !== "ok" && outcome !== "absent") expect(state, `${id} ${how}: ${outcome}`).toBe("degraded");
        const report = actor.engine.snapshot().probes.find((one) => one.id === id);
        expect(report?.outcome).toBe(outcome);
        host.lie = undefined;
        await actor.readNow([id as ProbeId]);
        expect(reason?.includes("a fault of ours") ?? false).toBe(false);
      }
      expect(actor.info.state).toBe("live");
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      // Nothing of it reached the neighbour, whose own changes arrive.
      expect(deltas.slice(seen).filter((delta) => delta.host !== how)).toEqual([]);
      expect(fleet.host("neighbour")?.engine.snapshot()).toEqual(before);
      const tap = hosts
        .get("neighbour")
        ?.machine.tap(`${[...(hosts.get("neighbour")?.machine.state.guests.keys() ?? [])][0]}`);
      const mtu = 1_300 + Object.keys(forgeries).indexOf(how);
      hosts.get("neighbour")?.machine.setMtu(tap?.name ?? "", mtu);
      await expect
        .poll(() =>
          deltas
            .slice(seen)
            .some(
              (delta) => delta.host === "neighbour" && delta.nodes?.put.some((node) => node.attributes.mtu === mtu),
            ),
        )
        .toBe(true);
    },
  );
});
