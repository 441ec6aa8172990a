"use client";

import { createContext, useContext, useSyncExternalStore } from "react";

/** One clock for the page: every relative time turns over together, and only while someone looks. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = 0;

/** Calls back once a second. Returns the way to stop. */
export function everySecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
      now = 0;
    }
  };
}

/** This browser's time as of the last second, Unix ms: the same for all who ask between two ticks. */
export function readNow(): number {
  if (now === 0) now = Date.now();
  return now;
}

/** Inside a frozen picture time stands still: "3 min" then means three minutes before it was taken. */
export const FrozenAt = createContext<number | undefined>(undefined);

const never = () => () => undefined;

/** What stands where the server draws a time: it knows neither the reader's clock nor the zone. */
export const noTimeYet = "…";

/** This browser's time, once a second, or the moment of the frozen picture. 0 while the server renders: show nothing relative then. Draws anew each second: see `useTimeText`. */
export function useNow(): number {
  const frozen = useContext(FrozenAt);
  const now = useSyncExternalStore(frozen === undefined ? everySecond : never, readNow, () => 0);
  return frozen !== undefined && now !== 0 ? frozen : now;
}

/** A text that follows the clock. What shows it is drawn anew only when the text is another one: "3 min ago" once a minute. */
export function useTimeText(textAt: (now: number) => string): string {
  const frozen = useContext(FrozenAt);
  return useSyncExternalStore(
    frozen === undefined ? everySecond : never,
    () => textAt(frozen ?? readNow()),
    () => noTimeYet,
  );
}

/** A text that only a browser can make, for the reader's time zone. */
export const useZonedText = (text: () => string): string => useSyncExternalStore(never, text, () => noTimeYet);
