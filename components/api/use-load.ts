"use client";

import { useCallback, useEffect, useState } from "react";
import type { z } from "zod";
import { ApiFailure, call, reasonOf } from "./client";

export type Load<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly reason: string; readonly code: string; readonly status: number }
  | { readonly state: "loaded"; readonly data: T };

/**
 * Loads from the REST interface when the page opens, and again on `reload`. While it loads again the old data stay on the page.
 * `answer` must be a constant (a schema of lib/wire), `path` may change.
 */
export function useLoad<T extends z.ZodType>(answer: T, path: string | undefined): [Load<z.output<T>>, () => void] {
  const [load, setLoad] = useState<{ path: string | undefined; value: Load<z.output<T>> }>({
    path,
    value: { state: "loading" },
  });
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: round is what asks for loading again.
  useEffect(() => {
    if (path === undefined) return;
    const abort = new AbortController();
    call(answer, path, { signal: abort.signal }).then(
      (data) => setLoad({ path, value: { state: "loaded", data } }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const [code, status] = error instanceof ApiFailure ? [error.code, error.status] : ["unknown", 0];
        setLoad({ path, value: { state: "failed", reason: reasonOf(error), code, status } });
      },
    );
    return () => abort.abort();
  }, [answer, path, round]);
  const reload = useCallback(() => setRound((r) => r + 1), []);
  return [load.path === path ? load.value : { state: "loading" }, reload];
}
