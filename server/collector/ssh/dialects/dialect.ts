import type { Platform, Reads } from "@/lib/probes/define";

export type RootMode = "direct" | "sudo" | "none";

/**
 * How a kind of far end is spoken to: the shells that are asked for, their first input, and the requests that they then take. What the answers look like is the same everywhere
 * (frames.ts, lines.ts): each starts with the channel's nonce. The queue, the nonce and the clock are kept on our side.
 */
export interface Dialect {
  readonly platform: Platform;
  readonly reads: Reads;
  /** What the login shell is asked for. */
  readonly plainShell: string;
  /** A root shell by password. The prompt is a mark of ours: only when it is seen is the password sent, on stdin. */
  sudoShell(prompt: string, mark: string): string;
  /** First input of a work channel. */
  work(nonce: string, root: RootMode): string;
  /** First input of the control channel. `trySudo`: whether to look if sudo works without a password. The sources get the letters A, B, C... in this order. */
  control(nonce: string, trySudo: boolean, sources: readonly { readonly script: string }[]): string;
  readonly requests: {
    /** Remembers the script of a probe. */
    define(index: number, id: string, script: string): string;
    run(seq: number, index: number): string;
    /** Runs a script once. */
    once(seq: number, script: string): string;
    heartbeat(count: number): string;
    /** Shells that have to be ended with the control channel. */
    watch(pids: readonly number[]): string;
    end(pid: number, parent: number): string;
    endSession(pid: number): string;
    /** Follows the event source of this letter. */
    follow(letter: string): string;
  };
}

const firstLetter = "A".charCodeAt(0);
export const sourcesMost = 26;

/** Letter of the event source at this place of the list: capitals, for small letters are answers. */
export const letterOf = (place: number): string => String.fromCharCode(firstLetter + place);

/** Place of the event source with this letter; -1 for what is no such letter. */
export function placeOf(letter: string | undefined): number {
  const place = letter === undefined || letter.length !== 1 ? -1 : letter.charCodeAt(0) - firstLetter;
  return place >= 0 && place < sourcesMost ? place : -1;
}
