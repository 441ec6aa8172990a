import { randomUUID } from "node:crypto";
import type { Probe } from "@/lib/probes/define";
import { probes as allProbes } from "@/lib/probes/registry";
import type { Auth } from "../auth/engine";
import { openLoginLimits } from "../auth/login-limits";
import type { WhoIs } from "../auth/who";
import { BusServer } from "../bus/server";
import type { Store } from "../store/store";
import { accountMethods } from "./accounts";
import { auditMethods } from "./audit";
import { makeAuthorise } from "./authorise";
import { Demo } from "./demo";
import type { MakeEngine } from "./engine/api";
import { Fleet } from "./fleet/fleet";
import type { Pace } from "./fleet/sweeper";
import { Housekeeping, retentionMethods } from "./housekeeping";
import { incidentMethods } from "./incidents";
import { Jobs } from "./jobs";
import type { Log } from "./log";
import { jobs as jobKinds } from "./long-work/kinds/registry";
import { jobMethods } from "./long-work/methods";
import { JobRunner } from "./long-work/runner";
import { methods } from "./methods";
import { RefusedRows } from "./refused-rows";
import { remedyMethods } from "./remedies";
import { specOf } from "./sources/any";
import type { AnySpec } from "./sources/define";
import type { Connect } from "./ssh/api";
import { StoredKeys } from "./stored-keys";
import { sweepBodies } from "./sweep-bodies";
import { Thresholds } from "./thresholds";
import { Topics } from "./topics";

/** Problems that ended longer ago than this are forgotten, ms. */
const historyMs = 400 * 24 * 3600_000;

export interface CollectorOptions {
  readonly store: Store;
  readonly auth: Auth;
  readonly whoIs: WhoIs;
  /** Path of the bus socket, what a peer must show on it, and the group that may open it. */
  readonly bus: { readonly path: string; readonly token: string; readonly group?: number };
  readonly connect: Connect;
  readonly makeEngine: MakeEngine;
  readonly log: Log;
  readonly probes?: Readonly<Record<string, Probe>>;
  readonly pace?: Partial<Pace>;
}

export interface Collector {
  readonly epoch: string;
  readonly fleet: Fleet;
  close(): Promise<void>;
}

/** Wires the collector: keys, fleet, remedies, accounts, bus. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  // Long: the parts of the process are made in the order in which they need each other, and ended in reverse.
  const { store, auth, whoIs, log, connect, makeEngine } = options;
  const epoch = randomUUID();
  const keys = new StoredKeys(store.knownKeys);
  await keys.load();
  for (const line of await store.knownKeys.foreign()) log("known-key-foreign", { line });
  const thresholds = new Thresholds(store.settings, log);
  await thresholds.load();
  const fleet: Fleet = new Fleet({
    epoch,
    connect,
    keys,
    makeEngine,
    probes: options.probes ?? allProbes,
    memory: store.memory,
    problems: store.problems,
    settings: thresholds.values,
    log,
    onDelta: (delta) => topics.happened("delta", delta),
    onFleet: (change) => topics.happened("fleet", change),
    onSegments: ({ put, drop }) => topics.happened("segments", { put, drop }),
    onRenew: (host) => topics.happened("renewed", host),
    onLive: (host) => remedies.recover(host),
    ...(options.pace ? { pace: options.pace } : {}),
  });
  const jobs = new Jobs((change) => topics.happened("jobs", change));
  const topics = new Topics({ fleet, jobs }, epoch, (push) => bus.push(push));
  const runner = new JobRunner({ kinds: jobKinds, fleet, show: (job) => jobs.put(job), log, now: Date.now });
  const limits = await openLoginLimits(store.login, store.keyFor("devices"));
  const demo = new Demo(fleet, keys, store.settings);
  const remedies = remedyMethods({
    fleet,
    runs: store.remedyRuns,
    audit: store.audit,
    progress: (progress) => jobs.remedy(progress),
    log,
  });
  const refusals = new RefusedRows(store.audit, log);
  const housekeeping = new Housekeeping({ store, auth, log });
  const bus = new BusServer({
    ...options.bus,
    epoch,
    whoIs,
    authorise: makeAuthorise(whoIs),
    refused: ({ method, session, code }) => {
      const note = async () => {
        const who = code === "no-session" ? null : await whoIs(session);
        await refusals.note({ who: who?.name ?? "nobody", what: "request refused", about: `${method}: ${code}` });
      };
      note().catch((error: unknown) => log("refusal-not-written", { method, reason: String(error) }));
    },
    handlers: {
      ...methods({
        epoch,
        fleet,
        keys,
        thresholds,
        onSettings: () => bus.push({ push: "settings" }),
        demo,
        connect,
        makeEngine,
        store,
      }),
      ...remedies.handlers,
      ...topics.handlers,
      ...jobMethods(runner, store.audit),
      ...accountMethods({ auth, limits, audit: store.audit, refusals }),
      ...incidentMethods({ fleet, incidents: store.incidents, audit: store.audit }),
      ...auditMethods(store.audit),
      ...retentionMethods(store),
    },
    log: (line) => log("bus", { line }),
  });
  // Listening first: the page has its hosts, connecting, while the connections are being made.
  await bus.listen();
  await loadHosts(options, fleet);
  await demo.resume().catch((error: unknown) => log("demo-failed", { reason: String(error) }));
  await store.problems.prune(Date.now() - historyMs);
  const stopSweeping = sweepBodies(store.incidents, log);
  housekeeping.start();
  log("started", { epoch, hosts: fleet.hosts().length });
  return {
    epoch,
    fleet,
    async close() {
      stopSweeping();
      await bus.close();
      await runner.stop();
      await housekeeping.stop();
      await refusals.flush();
      await fleet.stop();
      await demo.close();
    },
  };
}

/** Adds all stored hosts. One whose row does not open is left out, loudly; the others must not suffer for it. */
async function loadHosts({ store, log }: CollectorOptions, fleet: Fleet): Promise<void> {
  const { specs, unread } = await store.hosts.list();
  for (const { id, because } of unread) log("host-not-loaded", { host: id, reason: because });
  for (const stored of specs) {
    let spec: AnySpec;
    try {
      spec = specOf(stored);
    } catch (error) {
      log("host-not-loaded", { host: stored.id, reason: error instanceof Error ? error.message : String(error) });
      continue;
    }
    await fleet.add(spec);
  }
}
