import { z } from "zod";
import type { Commands } from "./define";
import { kinds } from "./kinds/registry";
import type { Touch } from "./touch";

export type KindId = keyof typeof kinds;

type Schema = (typeof kinds)[KindId]["schema"];
const schemas = Object.values(kinds).map((kind): Schema => kind.schema) as [Schema, ...Schema[]];

/** One thing on a host that is changed, as data: what it becomes and what it was. Checked whenever it is made or read. */
export const Change = z.discriminatedUnion("kind", schemas);
export type Change = z.output<typeof Change>;
/** The data of one kind. */
export type ChangeOf<K extends KindId> = z.output<(typeof kinds)[K]["schema"]>;

/** The commands of a change and of its undo. The change must have been checked by `Change`. */
export function commandsOf(change: Change): Commands {
  // The kind's own `steps` takes its own data: the compiler cannot follow that through a lookup by name.
  const { steps } = kinds[change.kind] as { readonly steps: (change: Change) => Commands };
  return steps(change);
}

/** What a change touches, by its kind. The change must have been checked by `Change`. */
export function touchesOf(change: Change): readonly Touch[] {
  // As in commandsOf: the kind's own `touches` takes its own data.
  const { touches } = kinds[change.kind] as { readonly touches: (change: Change) => readonly Touch[] };
  return touches(change);
}

/** Every program that a change may run: what the kinds name. */
export const programs: ReadonlySet<string> = new Set(Object.values(kinds).flatMap((kind) => [...kind.programs]));

/** What is wrong with a value as a change, in one line; undefined where nothing is. */
export function whyNoChange(value: unknown): string | undefined {
  const read = Change.safeParse(value);
  if (read.success) return undefined;
  const [issue] = read.error.issues;
  return `${["change", ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "cannot be read"}`;
}
