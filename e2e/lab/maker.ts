/**
 * Makes one fault after another in a lab, as it is told: each lab of `npm run lab:faults -- --labs A,B` is such a process,
 * because a lab reads its instance from the environment as its modules load.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type LabCase, loadCases } from "./cases";
import { type Diagnosis, diagnose } from "./diagnosis";
import { Lab } from "./lab";
import { LabError } from "./run";

/** What a lab said of a case, or why the case could not be made; `slow` where the lab itself failed (no end in time, no answer), which says nothing of the case. */
export type Made = { readonly row: Diagnosis } | { readonly broke: string; readonly slow: boolean };

export interface Maker {
  make(id: string): Promise<Made>;
  stop(): Promise<void>;
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** In a process of its own, which is begun with the first case, and again after one that it did not survive. */
export function makerOf(instance: string): Maker {
  let child: ReturnType<typeof fork> | undefined;
  const begin = () => {
    const started = fork(fileURLToPath(import.meta.url), { env: { ...process.env, TAPROOT_LAB_INSTANCE: instance } });
    started.once("exit", () => {
      if (child === started) child = undefined;
    });
    child = started;
    return started;
  };
  return {
    make: (id) =>
      new Promise((resolve) => {
        const working = child ?? begin();
        const ended = (code: number | null, signal: string | null) =>
          resolve({ broke: `the process of lab ${instance} ended with ${signal ?? code}`, slow: false });
        working.once("exit", ended);
        working.once("message", (made) => {
          working.off("exit", ended);
          resolve(made as Made);
        });
        working.send(id);
      }),
    stop: () =>
      new Promise((resolve) => {
        if (!child) return resolve();
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

async function serve(tell: (made: Made) => void): Promise<void> {
  const cases = new Map((await loadCases()).map((labCase) => [labCase.id, labCase]));
  let lab: Lab | undefined;
  const makeOne = async (labCase: LabCase): Promise<Made> => {
    lab ??= await Lab.ensure({ base: labCase.base });
    return { row: await diagnose(lab, labCase) };
  };
  process.on("message", (id: string) => {
    const labCase = cases.get(id);
    if (!labCase) return tell({ broke: `no fault ${id}`, slow: false });
    makeOne(labCase).then(tell, (error: unknown) => tell({ broke: wordsOf(error), slow: error instanceof LabError }));
  });
  // Whoever told us is gone: nobody hears the rest.
  process.once("disconnect", () => void (lab?.stop() ?? Promise.resolve()).finally(() => process.exit(1)));
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  const send = process.send.bind(process);
  await serve((made) => void send(made));
}
