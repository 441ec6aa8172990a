import type { BusHandlers, Caller } from "../../bus/server";
import type { AuditRepository } from "../../store/repositories/audit";
import type { JobRunner } from "./runner";

/** Beginning and ending long work over the bus. Who began or ended what is written down. */
export function jobMethods(runner: JobRunner, audit: Pick<AuditRepository, "add">): BusHandlers {
  const note = (what: string, { name }: Caller, detail: string) =>
    audit.add({ at: Date.now(), who: name, what, host: null, outcome: "done", detail });
  return {
    "job.start": async ({ kind, params }, caller) => {
      const { id, hosts } = runner.start(kind, params);
      await note("job.start", caller, `${kind} on ${hosts.join(", ")}: job ${id}`);
      return { job: id };
    },
    "job.cancel": async ({ job }, caller) => {
      await runner.cancel(job);
      await note("job.cancel", caller, `job ${job}`);
      return {};
    },
  };
}
