import type { BusMethod, BusResult } from "@/lib/wire/bus";
import { isReserved } from "@/lib/wire/host-name";
import { BusProblem } from "../bus/problem";
import type { BusHandlers, BusParsed, Caller } from "../bus/server";
import type { AuditRepository } from "../store/repositories/audit";
import type { HostRepository } from "../store/repositories/hosts";
import type { MemoryRepository } from "../store/repositories/memory";
import type { ProblemRepository } from "../store/repositories/problems";
import { opened } from "./capture/open";
import type { Demo } from "./demo";
import type { MakeEngine } from "./engine/api";
import type { Fleet } from "./fleet/fleet";
import { hostOf } from "./host-of";
import { sourceOf } from "./sources/any";
import type { AnySpec, FleetHost } from "./sources/define";
import type { Connect } from "./ssh/api";
import type { StoredKeys } from "./stored-keys";
import { testHost } from "./test-host";
import type { Thresholds } from "./thresholds";

export interface MethodDeps {
  readonly epoch: string;
  readonly fleet: Fleet;
  readonly keys: StoredKeys;
  readonly thresholds: Thresholds;
  /** Tells every browser that thresholds are not what they were. */
  readonly onSettings: () => void;
  readonly demo: Pick<Demo, "start" | "stop">;
  readonly connect: Connect;
  readonly makeEngine: MakeEngine;
  readonly store: {
    readonly hosts: HostRepository;
    readonly memory: MemoryRepository;
    readonly problems: ProblemRepository;
    readonly audit: AuditRepository;
  };
}

type Handler<M extends BusMethod> = NonNullable<BusHandlers[M]>;

/** What the collector does for the web process, but for remedies (remedies.ts). Each changing method leaves an audit row, however it ended. */
export function methods(deps: MethodDeps): BusHandlers {
  // Long: one entry for each method of the bus.
  return {
    "fleet.cards": async () => ({ cards: deps.fleet.cards(), epoch: deps.epoch }),
    "host.snapshot": async ({ host }) => hostOf(deps.fleet, host).engine.snapshot(),
    "problem.history": async ({ host, ...which }) => ({
      problems: await deps.store.problems.history(host, {
        limit: which.limit,
        ...(which.subject === undefined ? {} : { subject: which.subject }),
      }),
    }),
    "host.test": audited(
      deps,
      "host.test",
      ({ spec }) => [spec.id, sourceOf(spec).says(spec)],
      async ({ spec }) => testHost(spec, deps),
    ),
    "host.approveKey": audited(
      deps,
      "host.approveKey",
      ({ question: q, replace }) => [
        null,
        `${q.address}:${q.port} ${q.fingerprint}${replace ? `, in place of ${replace}` : ""}`,
      ],
      async ({ question, replace }, caller) => {
        await deps.keys.approve(question, replace, caller.name);
        deps.fleet.retryForKey();
        return {};
      },
    ),
    "host.save": audited(
      deps,
      "host.save",
      ({ spec }) => [spec.id, sourceOf(spec).says(spec)],
      async ({ spec }) => {
        const member = deps.fleet.host(spec.id);
        if (member) refuseCapture(member);
        await save(deps, spec);
        return {};
      },
    ),
    "capture.open": audited(
      deps,
      "capture.open",
      ({ id, file }) => [id ?? null, file],
      async (params) => {
        const spec = opened(params);
        const taken = deps.fleet.host(spec.id) !== undefined || (await deps.store.hosts.has(spec.id));
        if (taken)
          throw new BusProblem("conflict", `there is a host ${spec.id} already: give the capture another name`);
        await save(deps, spec);
        return { id: spec.id };
      },
    ),
    "host.remove": audited(
      deps,
      "host.remove",
      ({ host }) => [host, ""],
      (params) => remove(deps, params),
    ),
    "host.retry": audited(
      deps,
      "host.retry",
      ({ host }) => [host, ""],
      async ({ host }) => {
        const member = hostOf(deps.fleet, host);
        refuseCapture(member);
        member.retry();
        return {};
      },
    ),
    "keys.import": audited(
      deps,
      "keys.import",
      ({ knownHosts }) => [null, `${knownHosts.split("\n").length} lines`],
      async ({ knownHosts }, caller) => deps.keys.import(knownHosts, caller.name),
    ),
    "demo.start": audited(
      deps,
      "demo.start",
      ({ hosts }) => [null, `${hosts} hosts`],
      async ({ hosts }) => {
        await deps.demo.start(hosts);
        return {};
      },
    ),
    "demo.stop": audited(
      deps,
      "demo.stop",
      () => [null, ""],
      async () => {
        await deps.demo.stop();
        return {};
      },
    ),
    "settings.list": async () => deps.thresholds.list(),
    "settings.put": audited(
      deps,
      "settings.put",
      (change) => [null, deps.thresholds.says(change)],
      async (change) => {
        await deps.thresholds.put(change);
        return judgedAnew(deps);
      },
    ),
    "settings.reset": audited(
      deps,
      "settings.reset",
      (which) => [null, deps.thresholds.saysReset(which)],
      async (which) => {
        await deps.thresholds.reset(which);
        return judgedAnew(deps);
      },
    ),
  };
}

async function judgedAnew({ fleet, thresholds, onSettings }: MethodDeps): Promise<BusResult<"settings.list">> {
  await fleet.setSettings(thresholds.values);
  onSettings();
  return thresholds.list();
}

/** @throws BusProblem conflict, where there is no host behind it but what was recorded of one. */
export function refuseCapture({ info: { name, takenAt } }: Pick<FleetHost, "info">): void {
  if (takenAt === undefined) return;
  const when = new Date(takenAt).toISOString();
  throw new BusProblem("conflict", `${name} is a capture of ${when}: there is no host that could be reached`);
}

async function save(deps: MethodDeps, spec: AnySpec): Promise<void> {
  if (deps.fleet.demoHosts().includes(spec.id))
    throw new BusProblem("conflict", `${spec.id} is a host of the demo fleet: choose another name, or stop the demo`);
  if (isReserved(spec.id) && !(await deps.store.hosts.has(spec.id)))
    throw new BusProblem("conflict", `${spec.id} is the name of a page or topic of Taproot: choose another name`);
  await deps.store.hosts.put(spec, Date.now());
  await deps.fleet.add(spec);
}

async function remove(deps: MethodDeps, { host }: BusParsed<"host.remove">): Promise<Record<string, never>> {
  const demo = deps.fleet.demoHosts().includes(host);
  const known = deps.fleet.remove(host);
  if (demo) return {};
  if (!known && !(await deps.store.hosts.has(host))) throw new BusProblem("not-found", `there is no host ${host}`);
  await deps.store.hosts.drop(host);
  await deps.store.memory.drop(host);
  for (const row of await deps.store.problems.openOf(host)) await deps.store.problems.close(host, row.key, Date.now());
  return {};
}

/** Wraps a handler so that who asked for what, and how it ended, is written down. `says`: host and detail of the row; never a secret. */
function audited<M extends BusMethod>(
  deps: MethodDeps,
  what: M,
  says: (params: BusParsed<M>) => readonly [host: string | null, detail: string],
  handler: Handler<M>,
): Handler<M> {
  const call = handler as (params: BusParsed<M>, caller: Caller) => Promise<unknown>;
  const wrapped = async (params: BusParsed<M>, caller: Caller): Promise<unknown> => {
    const [host, detail] = says(params);
    const row = (outcome: string) =>
      deps.store.audit.add({ at: Date.now(), who: caller.name, what, host, outcome, detail });
    try {
      const result = await call(params, caller);
      await row("done");
      return result;
    } catch (error) {
      await row(error instanceof BusProblem ? `refused: ${error.message}` : "failed");
      throw error;
    }
  };
  return wrapped as Handler<M>;
}
