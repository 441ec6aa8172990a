import { z } from "zod";
import { asWritten } from "@/lib/text/said";
import { RemedyProgress } from "@/lib/wire/jobs/remedy";
import { SaidShape } from "@/lib/wire/said";
import type { RemedyRunRepository, StoredRun } from "@/server/store/repositories/remedy-runs";
import { hasEnded, type RunRecord, RunRefused, type RunStore } from "./api";
import { actsOf, KeptStep } from "./commands";

const head = {
  run: z.string().regex(/^[0-9a-f]{24}$/),
  host: z.string(),
  remedy: z.string(),
  finding: z.string(),
  who: z.string(),
  phase: RemedyProgress.shape.phase,
  // Releases up to 0.1 stored a sentence in English.
  says: z.union([SaidShape.strict(), z.string().transform(asWritten)]),
  guard: z.string().nullable(),
  undoAt: z.number().nullable(),
  // Rows of before these were kept have neither.
  disarming: z.enum(["verified", "undone"]).nullable().default(null),
  settled: z.boolean().default(false),
  startedAt: z.number(),
  updatedAt: z.number(),
};

const Now = z.strictObject({ ...head, steps: z.array(KeptStep) });

/** As releases up to 0.1 wrote it, with a command for the undo. That command is never run: whoever can write into the database could have put it there. */
const Before = z
  .strictObject({
    ...head,
    steps: z.array(z.strictObject({ do: z.string(), undo: z.string(), undoArgv: z.array(z.string()) })).min(1),
  })
  .transform((record): RunRecord => ({ ...record, steps: [] }));

/** A run is a few kB at most. What is larger was not written here. */
const longest = 256 * 1024;

/**
 * Runs in the database. Other processes could once write into it, and nothing that is run may rest on that they no longer can: a row is read by its
 * shape and held against the catalogue, and one that does not pass is refused by name. `get` rejects with RunRefused; `open` leaves it out and tells
 * `onRefused`, so that it stops no other run's recovery.
 */
export function runStore(repository: RemedyRunRepository, onRefused: (refused: RunRefused) => void): RunStore {
  return {
    put: (record) =>
      repository.put({
        run: record.run,
        host: record.host,
        ended: hasEnded(record),
        body: JSON.stringify(record),
        updatedAt: record.updatedAt,
      }),
    async get(run) {
      const row = await repository.get(run);
      return row && read(row);
    },
    async open() {
      return (await repository.open()).flatMap((row) => {
        try {
          return read(row);
        } catch (error) {
          if (!(error instanceof RunRefused)) throw error;
          onRefused(error);
          return [];
        }
      });
    },
  };
}

function read(row: StoredRun): RunRecord {
  const refused = (why: string) => new RunRefused(row.run, row.host, why);
  if (row.body.length > longest) throw refused(`it is longer than ${longest} characters`);
  let body: unknown;
  try {
    body = JSON.parse(row.body);
  } catch {
    throw refused("it is no JSON");
  }
  const before = Before.safeParse(body);
  const now = before.success ? before : Now.safeParse(body);
  if (!now.success) {
    const [issue] = now.error.issues;
    throw refused(`${issue?.path.join(".") || "row"}: ${issue?.message}`);
  }
  const record = now.data;
  if (record.run !== row.run || record.host !== row.host || hasEnded(record) !== row.ended)
    throw refused("its columns say something else than its body");
  try {
    actsOf(record);
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
  return record;
}
