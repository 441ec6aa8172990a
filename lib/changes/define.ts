import type { z } from "zod";
import type { Wording } from "../wording";
import type { Touch } from "./touch";

/** A command as an argument vector. Its program is one that a kind names; arguments are quoted by the collector, in one place. */
export type Argv = readonly [string, ...string[]];

/** What carries a change out, and what puts back what was there before. */
export interface Commands {
  readonly do: Argv;
  readonly undo: Argv;
}

/** The longest time that a change takes to show, ms, with its reason: a property of the thing that is changed, whoever changes it. */
export interface Settles {
  readonly ms: number;
  readonly because: Wording;
  /** A port or link comes up anew: spanning tree and the delays of bonds count as well (lib/remedies/settle.ts). */
  readonly relinks?: true;
}

/**
 * One kind of change. Each file in `kinds/` exports exactly one, as `kind`; its name is the value of `kind` in its data.
 * Pure: the commands follow from the data alone, so that an undo can be planned anew from a row of the store, days later.
 */
export interface ChangeKind<S extends z.ZodObject> {
  /** Strict: a key too many refuses the whole change. What was there before is part of the data, for the undo. */
  readonly schema: S;
  /** All programs that its commands begin with: bare names, looked up at run time too (server/collector/remedy/commands.ts). */
  readonly programs: readonly [string, ...string[]];
  steps(change: z.output<S>): Commands;
  /** What it changes, and what happens there: risk, affected guests and the rest follow from this and the graph. */
  touches(change: z.output<S>): readonly [Touch, ...Touch[]];
  readonly settles: Settles;
  /** A change of this kind with the command lines that it must lead to: the contract test runs it. */
  readonly example: { readonly change: z.output<S>; readonly do: string; readonly undo: string };
}

/** Gives `steps`, `touches` and `example` the type that the schema says. */
export const defineKind = <S extends z.ZodObject>(kind: ChangeKind<S>): ChangeKind<S> => kind;
