import { macFits, macOf } from "./secrets";

/** A row of the audit log with its mark: an HMAC over the mark of the row before and the fields of this one. */
export interface ChainRow {
  readonly id: number;
  readonly at: number;
  readonly who: string;
  readonly what: string;
  readonly host: string | null;
  readonly outcome: string;
  readonly detail: string;
  readonly mark: string;
}

/** Where the chain begins (anchor: the last row that was pruned) or ends (head: the newest row); `seal` binds it to the master key. */
export interface ChainEnd {
  readonly name: string;
  readonly row_id: number;
  readonly mark: string;
  readonly seal: string;
}

/** The mark of a row that follows one with mark `before` ("" at the very beginning). */
export const markOf = (key: Buffer, before: string, row: Omit<ChainRow, "mark">): string =>
  macOf(key, fields(before, row));

const fields = (before: string, row: Omit<ChainRow, "mark">) => [
  before,
  String(row.id),
  String(row.at),
  row.who,
  row.what,
  row.host === null ? "no host" : `host ${row.host}`,
  row.outcome,
  row.detail,
];

export function sealedEnd(key: Buffer, name: "anchor" | "head", row_id: number, mark: string): ChainEnd {
  return { name, row_id, mark, seal: macOf(key, ["audit chain", name, String(row_id), mark]) };
}

/** Whether an end is there and was sealed with this key. */
export const isSealed = (key: Buffer, end: ChainEnd | undefined): end is ChainEnd =>
  end !== undefined && macFits(key, ["audit chain", end.name, String(end.row_id), end.mark], end.seal);

/**
 * Walks the log, oldest row first, and says one sentence for each thing that is not as the collector wrote it. What it cannot see: a whole database, log and
 * ends together, put back to an older copy; whoever must know that keeps exports elsewhere.
 */
export function* auditFaults(key: Buffer, ends: readonly ChainEnd[], rows: Iterable<ChainRow>): Generator<string> {
  const anchor = ends.find((end) => end.name === "anchor");
  const head = ends.find((end) => end.name === "head");
  if (!isSealed(key, anchor)) yield "the record of where the log begins is missing or was changed";
  if (!isSealed(key, head)) yield "the record of where the log ends is missing or was changed";
  let mark = anchor?.mark ?? "";
  let last = anchor?.row_id ?? 0;
  for (const row of rows) {
    if (!macFits(key, fields(mark, row), row.mark)) {
      if (row.id > last + 1) yield `${rowsFromTo(last + 1, row.id - 1)} missing`;
      else yield `row ${row.id} (${when(row.at)}, ${row.who}, ${row.what}) was changed, put in or moved`;
    }
    mark = row.mark;
    last = row.id;
  }
  if (!isSealed(key, head)) return;
  if (last < head.row_id) yield `${rowsFromTo(last + 1, head.row_id)} missing at the end`;
  else if (last === head.row_id && mark !== head.mark) yield `row ${last} is not the one that the log ended with`;
}

const rowsFromTo = (first: number, last: number) =>
  first === last ? `row ${first} is` : `rows ${first} to ${last} are`;

/** A time that somebody else may have written: what is none is shown as it is. */
const when = (at: number) => (Math.abs(at) < 8e15 ? new Date(at).toISOString() : String(at));
