import type { z } from "zod";
import type { Wording } from "../wording";

/** How often a probe is read. `fast`: every sweep and on events. `slow`: dear or seldom changing. */
export type Tier = "fast" | "slow";

/** What a host is. Which of them can be reached says server/collector/ssh/dialects. */
export type Platform = "linux" | "esxi" | "windows" | "cloud";

/**
 * In what form a probe is had from a host: as output of a script for its shell (`sh`, `powershell`), or as a document of its API.
 * `fleet`: never from the host; the collector tells it from what it knows of the others, and without a collector it is absent.
 */
export type Reads = "sh" | "powershell" | "document" | "fleet";

/** The forms that something in this house reads. A probe in another form would be unknown for ever: the contract test refuses it. */
export const implementedReads: readonly Reads[] = ["sh", "fleet"];
export const implementedPlatforms: readonly Platform[] = ["linux"];

/**
 * How one probe ended. Everything but `ok` makes the checks that need it *unknown*, never *pass*.
 * - `absent`   the tool, file or subsystem is not on the host (libvirt not installed, no bond): `parse` is not called
 * - `refused`  needs root and root was not to be had
 * - `timeout`  ran longer than `timeoutMs`
 * - `cut`      printed more than `maxBytes`
 * - `failed`   ended with an exit status that the probe does not accept
 * - `garbled`  printed what the parser cannot take
 * - `lost`     the connection ended meanwhile
 */
export type ProbeOutcome = "ok" | "absent" | "refused" | "timeout" | "cut" | "failed" | "garbled" | "lost";

/** What a probe printed, byte for byte: host text is hostile and often not UTF-8. */
export interface RawOutput {
  readonly stdout: Uint8Array;
  /** Exit status of the probe's script. By convention 127 means *absent* and 77 means *refused*. */
  readonly exit: number;
}

export interface ProbeExample<T> {
  readonly name: string;
  /** Exact output of the tool, recorded. Latin-1 string: one char a byte. */
  readonly stdout: string;
  readonly exit?: number;
  readonly expect: T;
}

/**
 * One way of reading one thing from a host: a constant shell script and the pure parser of what it prints.
 *
 * The script is POSIX sh and a constant of this repository: no text from a host or a browser is ever put into it. It runs in
 * `sh -c` with LC_ALL=C, stdin closed, and the helpers of `prelude.ts` in reach: `as_root CMD...` (runs CMD by sudo -n where that is
 * needed and allowed, else exits 77), `need TOOL` (exits 127 when TOOL is missing), `item NAME CMD...` (length-prefixed sub-output, see items.ts).
 */
export interface Probe<Id extends string = string, S extends z.ZodType = z.ZodType> {
  readonly id: Id;
  readonly title: Wording;
  readonly tier: Tier;
  /** Platforms whose hosts have it; without it Linux. */
  readonly on?: readonly Platform[];
  /** Without it `sh`. */
  readonly reads?: Reads;
  /**
   * What makes it out of date before its turn: news of an event source, as `<source>:<news>` (see lib/events), with how long to wait for more of them first, ms (see
   * delays.ts).
   */
  readonly rereadOn?: Readonly<Record<string, number>>;
  /** It is absent until the first of its kind is made, without anything being installed: events ask for it all the same. */
  readonly mayAppear?: true;
  /**
   * Fields of the fact, at any depth, that move with every reading though nothing has changed: counters, ages, timers. They are skipped when readings are compared; a check that
   * judges such a value declares it as a `track` and is asked again with each sample.
   */
  readonly volatile?: readonly string[];
  /** The fact is a list, and this field names an entry: what looks one entry up by `forEntry` is judged again only where that one has changed. */
  readonly key?: string;
  /** What a person would type to see the same, for evidence and docs. */
  readonly command: string;
  readonly script: string;
  /** `none`: any user reads it. `partial`: root sees more. `root`: nothing without root. */
  readonly privilege: "none" | "partial" | "root";
  /** Commands that `script` runs through as_root: the sudoers fragment in the docs is made from these. */
  readonly sudo?: readonly string[];
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Schema of the fact: the parser's return is checked against it in tests, replays are checked at run time. */
  readonly fact: S;
  /** Throws ParseError on anything that it does not understand: never guesses, never returns half. */
  parse(raw: RawOutput): z.output<S>;
  /** Kernel, libvirt or tool documentation of the format. */
  readonly sources: readonly string[];
  readonly examples: readonly ProbeExample<z.output<S>>[];
}

/** Whether a host is ever asked for it. */
export const isAsked = (probe: Pick<Probe, "reads">): boolean => probe.reads !== "fleet";

/** Whether it can be had from a host of this platform, by somebody who reads this form. */
export const isReadable = (probe: Pick<Probe, "on" | "reads">, platform: Platform, reads: Reads): boolean =>
  (probe.on ?? ["linux"]).includes(platform) && (probe.reads ?? "sh") === reads;

/** Declares a probe; exists for its types. Each file in this folder exports exactly one, as `probe`. */
export function defineProbe<const Id extends string, S extends z.ZodType>(probe: Probe<Id, S>): Probe<Id, S> {
  return probe;
}

/** Thrown by parsers: `what` names the thing that could not be read. */
export class ParseError extends Error {
  override readonly name = "ParseError";
}
