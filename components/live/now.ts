"use client";

import { createContext, useContext, useSyncExternalStore } from "react";

/** One clock for the page: every relative time turns over together, and only while someone looks. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = 0;

function subscribe(listener: () => void): () => void {
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

function read(): number {
  if (now === 0) now = Date.now();
  return now;
}

/** Inside a frozen picture time stands still: "3 min" then means three minutes before it was taken. */
export const FrozenAt = createContext<number | undefined>(undefined);

const never = () => () => undefined;

/** This browser's time, once a second, or the moment of the frozen picture. 0 while the server renders: show nothing relative then. */
export function useNow(): number {
  const frozen = useContext(FrozenAt);
  const now = useSyncExternalStore(frozen === undefined ? subscribe : never, read, () => 0);
  return frozen !== undefined && now !== 0 ? frozen : now;
}
