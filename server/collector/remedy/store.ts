import { z } from "zod";
import { RemedyProgress } from "@/lib/wire/socket";
import type { RemedyRunRepository } from "@/server/store/repositories/remedy-runs";
import { hasEnded, type RunRecord, type RunStore } from "./api";

const Record: z.ZodType<RunRecord> = z.object({
  run: z.string(),
  host: z.string(),
  remedy: z.string(),
  finding: z.string(),
  who: z.string(),
  phase: RemedyProgress.shape.phase,
  says: z.string(),
  steps: z.array(z.object({ do: z.string(), undo: z.string(), undoArgv: z.array(z.string()) })),
  guard: z.string().nullable(),
  undoAt: z.number().nullable(),
  // Rows of before these were kept have neither.
  disarming: z.enum(["verified", "undone"]).nullable().default(null),
  settled: z.boolean().default(false),
  startedAt: z.number(),
  updatedAt: z.number(),
});

/** Runs in the database. A row that no longer reads as a run throws, naming it: a change that may still be armed must not be overlooked. */
export function runStore(repository: RemedyRunRepository): RunStore {
  const read = (row: { run: string; body: string }): RunRecord => {
    const record = Record.safeParse(JSON.parse(row.body));
    if (!record.success)
      throw new Error(`the stored change ${row.run} cannot be read: ${record.error.issues[0]?.path.join(".")}`);
    return record.data;
  };
  return {
    put: (record) =>
      repository.put({
        run: record.run,
        host: record.host,
        ended: hasEnded(record),
        body: JSON.stringify(record),
        updatedAt: record.updatedAt,
      }),
    get(run) {
      const row = repository.get(run);
      return row ? read(row) : undefined;
    },
    open: () => repository.open().map(read),
  };
}
