import type { z } from "zod";

/** Everything that a change may ever run on a host. Looked up at run time too: server/collector/remedy/commands.ts. */
export const programs = [
  "ip",
  "bridge",
  "virsh",
  "systemctl",
  "sysctl",
  "modprobe",
  "ovs-vsctl",
  "ethtool",
  "nft",
  "iptables",
  "nmcli",
] as const;
export type Program = (typeof programs)[number];

/** A command as an argument vector. The program is one of `programs`; arguments are quoted by the collector, in one place. */
export type Argv = readonly [Program, ...string[]];

/** What carries a change out, and what puts back what was there before. */
export interface Commands {
  readonly do: Argv;
  readonly undo: Argv;
}

/**
 * One kind of change. Each file in `kinds/` exports exactly one, as `kind`; its name is the value of `kind` in its data.
 * Pure: the commands follow from the data alone, so that an undo can be planned anew from a row of the store, days later.
 */
export interface ChangeKind<S extends z.ZodObject> {
  /** Strict: a key too many refuses the whole change. What was there before is part of the data, for the undo. */
  readonly schema: S;
  steps(change: z.output<S>): Commands;
  /** A change of this kind with the command lines that it must lead to: the contract test runs it. */
  readonly example: { readonly change: z.output<S>; readonly do: string; readonly undo: string };
}

/** Gives `steps` and `example` the type that the schema says. */
export const defineKind = <S extends z.ZodObject>(kind: ChangeKind<S>): ChangeKind<S> => kind;
