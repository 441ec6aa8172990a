import { wordsOf } from "@/lib/text/said";
import type { BusResult } from "@/lib/wire/bus";
import type { RemedyProgress } from "@/lib/wire/jobs/remedy";
import { BusProblem } from "../bus/problem";
import type { BusHandlers, BusParsed } from "../bus/server";
import type { AuditRepository } from "../store/repositories/audit";
import type { RemedyRunRepository } from "../store/repositories/remedy-runs";
import type { Fleet } from "./fleet/fleet";
import type { Log } from "./log";
import { refuseCapture } from "./methods";
import { RemedyRefused } from "./remedy/api";
import { RemedyRuns, storedRefused } from "./remedy/runs";
import { runStore } from "./remedy/store";

/** How long until a recovery that failed is tried again, doubling, ms. */
const firstRecoverMs = 1_000;
const longestRecoverMs = 60_000;

/** Guarded changes over the hosts of the fleet: their methods on the bus, and what is to be settled when a host is live again. */
export function remedyMethods(deps: {
  readonly fleet: Fleet;
  readonly runs: RemedyRunRepository;
  readonly audit: AuditRepository;
  readonly progress: (progress: RemedyProgress) => void;
  readonly log: Log;
}): { readonly handlers: BusHandlers; readonly recover: (host: string) => void } {
  const failed = (what: string) => (error: unknown) => deps.log(what, { reason: String(error) });
  /** Said once each: whenever a host is live again its open runs are read anew. */
  const refused = new Set<string>();
  const recover = (host: string, waitMs = firstRecoverMs): void => {
    runs.recover(host).catch((error: unknown) => {
      deps.log("recover-failed", { host, reason: String(error) });
      // Else it would be tried when the host is lost and found again, which may be weeks.
      setTimeout(() => recover(host, Math.min(2 * waitMs, longestRecoverMs)), waitMs).unref();
    });
  };
  const runs: RemedyRuns = new RemedyRuns({
    host(id) {
      const actor = deps.fleet.host(id);
      return (
        actor && {
          info: () => actor.info,
          // Each time: a fault of ours gives the host a new one.
          get engine() {
            return actor.engine;
          },
          connection: () => actor.connection,
          reread: (probes) => actor.readNow(probes),
        }
      );
    },
    store: runStore(deps.runs, ({ run, host, message }) => {
      if (refused.has(run)) return;
      refused.add(run);
      deps.log("stored-run-refused", { run, host, reason: message });
      const row = { who: "collector", what: storedRefused, host, outcome: `refused: ${message}`, detail: `run ${run}` };
      void deps.audit.add({ ...row, at: Date.now() }).catch(failed("audit-failed"));
    }),
    audit: (row) => void deps.audit.add({ ...row, at: Date.now() }).catch(failed("audit-failed")),
    progress: deps.progress,
    recoverLater: (host) => recover(host),
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  return {
    handlers: {
      "remedy.plan": (params) => said(planned(deps.fleet, runs, params)),
      "remedy.apply": async ({ run, choice, typedHost }, caller) => {
        await said(runs.apply(run, caller.name, { choice, typedHost }));
        return {};
      },
      "remedy.undo": async ({ run }, caller) => {
        await said(runs.undo(run, caller.name));
        return {};
      },
    },
    recover: (host) => recover(host),
  };
}

/** A refusal of the remedies as one of the bus. */
async function said<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw error instanceof RemedyRefused
      ? new BusProblem(error.code, error.message, undefined, wordsOf(error.said))
      : error;
  }
}

/** A plan for a host that there is. @throws BusProblem conflict for a capture: nothing can be changed on it. */
async function planned(
  fleet: Pick<Fleet, "host">,
  runs: RemedyRuns,
  { host, finding, remedy }: BusParsed<"remedy.plan">,
): Promise<BusResult<"remedy.plan">> {
  const member = fleet.host(host);
  if (member) refuseCapture(member);
  return runs.plan(host, finding, remedy);
}
