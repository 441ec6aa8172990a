import { randomUUID } from "node:crypto";
import type { Probe } from "@/lib/probes/define";
import { probes as allProbes } from "@/lib/probes/registry";
import { BusServer } from "../bus/server";
import { joinSpec } from "../store/host-spec";
import { openSecrets } from "../store/secrets";
import type { Store } from "../store/store";
import { makeAuthorise, type WhoIs } from "./authorise";
import { Demo } from "./demo";
import type { MakeEngine } from "./engine/api";
import { Fleet } from "./fleet/fleet";
import type { Pace } from "./fleet/session";
import type { Log } from "./log";
import { methods, secretOf } from "./methods";
import { remedyMethods } from "./remedies";
import type { Connect } from "./ssh/api";
import { StoredKeys } from "./stored-keys";
import { Thresholds } from "./thresholds";

/** Problems that ended longer ago than this are forgotten, ms. */
const historyMs = 400 * 24 * 3600_000;

export interface CollectorOptions {
  readonly store: Store;
  readonly masterKey: Buffer;
  /** Path of the bus socket. */
  readonly path: string;
  readonly whoIs: WhoIs;
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

/** Wires the collector: secrets, keys, fleet, remedies, bus. Throws StoreError for a wrong master key before anything is touched. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { store, log, connect, makeEngine } = options;
  const epoch = randomUUID();
  const secrets = await openSecrets(store.db, options.masterKey);
  const keys = new StoredKeys(store.knownKeys);
  await keys.load();
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
    onDelta: (delta) => bus.push({ push: "delta", delta }),
    onFleet: (change) => bus.push({ push: "fleet", change }),
    onLive: (host) => remedies.recover(host),
    ...(options.pace ? { pace: options.pace } : {}),
  });
  const demo = new Demo(fleet, keys, store.settings);
  const remedies = remedyMethods({
    fleet,
    runs: store.remedyRuns,
    audit: store.audit,
    progress: (progress) => bus.push({ push: "remedy", progress }),
    log,
  });
  const bus = new BusServer({
    path: options.path,
    epoch,
    authorise: makeAuthorise(options.whoIs),
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
        secrets,
      }),
      ...remedies.handlers,
    },
    log: (line) => log("bus", { line }),
  });
  // Listening first: the page has its hosts, connecting, while the connections are being made.
  await bus.listen();
  await loadHosts(options, secrets, fleet);
  await demo.resume().catch((error: unknown) => log("demo-failed", { reason: String(error) }));
  await store.problems.prune(Date.now() - historyMs);
  log("started", { epoch, hosts: fleet.hosts().length });
  return {
    epoch,
    fleet,
    async close() {
      await bus.close();
      await fleet.stop();
      await demo.close();
    },
  };
}

/** Adds all stored hosts. One whose record or secret does not read is left out, loudly; the others must not suffer for it. */
async function loadHosts(
  { store, log }: CollectorOptions,
  secrets: Awaited<ReturnType<typeof openSecrets>>,
  fleet: Fleet,
): Promise<void> {
  for (const open of await store.hosts.list()) {
    try {
      await fleet.add(joinSpec(open, (await secrets.get(secretOf(open.id))) ?? "null"));
    } catch (error) {
      log("host-not-loaded", { host: open.id, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
