"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { addressOf, type InputOf, type ResultOf, type RouteContract } from "@/lib/wire/routes/define";
import { ApiFailure, call, reasonOf } from "./client";

export type Load<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly reason: string; readonly code: string; readonly status: number }
  | { readonly state: "loaded"; readonly data: T };

/**
 * Loads from the REST interface when the page opens, and again on `reload`. While it loads again the old data stay on
 * the page. `route` must be a constant (a contract of lib/wire/routes); what of `input` stands in the address may change.
 */
export function useLoad<R extends RouteContract>(route: R, input: InputOf<R>): [Load<ResultOf<R>>, () => void] {
  const address = addressOf(route, input);
  const [load, setLoad] = useState<{ address: string; value: Load<ResultOf<R>> }>({
    address,
    value: { state: "loading" },
  });
  const [round, setRound] = useState(0);
  const asked = useRef(input);
  asked.current = input;
  // biome-ignore lint/correctness/useExhaustiveDependencies: round is what asks for loading again.
  useEffect(() => {
    const abort = new AbortController();
    call(route, asked.current, abort.signal).then(
      (data) => setLoad({ address, value: { state: "loaded", data } }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const [code, status] = error instanceof ApiFailure ? [error.code, error.status] : ["unknown", 0];
        setLoad({ address, value: { state: "failed", reason: reasonOf(error), code, status } });
      },
    );
    return () => abort.abort();
  }, [route, address, round]);
  const reload = useCallback(() => setRound((r) => r + 1), []);
  return [load.address === address ? load.value : { state: "loading" }, reload];
}
