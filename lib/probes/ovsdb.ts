import { z } from "zod";
import { ParseError } from "./define";
import { parseJson } from "./json";
import { conform } from "./parts";

/** A row of an OVSDB table by column name. Cells as RFC 7047 writes them: plain, ["uuid", u], ["set", [...]], ["map", [[k, v]...]]. */
export type Row = ReadonlyMap<string, unknown>;

const Table = z.object({ headings: z.array(z.string()), data: z.array(z.array(z.unknown())) });

/** One line of `ovs-vsctl --format=json list TABLE`. Throws ParseError. */
export function rowsOf(line: string): Row[] {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (error) {
    throw new ParseError(`ovsdb: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { headings, data } = conform(Table, value);
  return data.map((cells) => new Map(headings.map((heading, at) => [heading, cells[at]])));
}

const tagged = (cell: unknown, tag: string): unknown =>
  Array.isArray(cell) && cell.length === 2 && cell[0] === tag ? cell[1] : undefined;

type Atom = string | number | boolean;
const atom = (cell: unknown): Atom => {
  const uuid = tagged(cell, "uuid");
  if (typeof uuid === "string") return uuid;
  if (typeof cell === "string" || typeof cell === "number" || typeof cell === "boolean") return cell;
  throw new ParseError("ovsdb: unexpected value");
};

/** Values of a column that holds a set: none, one (written plainly) or many. */
export function setOf(row: Row, column: string): Atom[] {
  const cell = row.get(column);
  if (cell === undefined) throw new ParseError(`ovsdb: column ${column} is missing`);
  const set = tagged(cell, "set");
  if (set === undefined) return [atom(cell)];
  if (!Array.isArray(set)) throw new ParseError(`ovsdb: column ${column} is no set`);
  return set.map(atom);
}

/** The one value of an optional column, as text; undefined for an empty set. */
export function textOf(row: Row, column: string): string | undefined {
  const [value] = setOf(row, column);
  return value === undefined ? undefined : String(value);
}

export function numberOf(row: Row, column: string): number | undefined {
  const [value] = setOf(row, column);
  if (value !== undefined && typeof value !== "number") throw new ParseError(`ovsdb: column ${column} is no number`);
  return value;
}

export function booleanOf(row: Row, column: string): boolean | undefined {
  const [value] = setOf(row, column);
  if (value !== undefined && typeof value !== "boolean") throw new ParseError(`ovsdb: column ${column} is no boolean`);
  return value;
}

/** A map as a list of pairs: its keys come from the host. */
export function mapOf(row: Row, column: string): { key: string; value: string }[] {
  const map = tagged(row.get(column), "map");
  if (!Array.isArray(map)) throw new ParseError(`ovsdb: column ${column} is no map`);
  return map.map((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new ParseError(`ovsdb: column ${column} has no pair`);
    return { key: String(atom(pair[0])), value: String(atom(pair[1])) };
  });
}
