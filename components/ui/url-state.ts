"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** View state lives in the address: Back works, and a copied address opens the same thing. */
export interface UrlState {
  get(name: string): string | undefined;
  /** Sets parameters (undefined removes one). `replace`: for typing, which must not fill the history. */
  set(values: Readonly<Record<string, string | undefined>>, replace?: boolean): void;
}

export function useUrlState(): UrlState {
  const params = useSearchParams();
  const path = usePathname();
  const get = useCallback((name: string) => params.get(name) ?? undefined, [params]);
  const set = useCallback(
    (values: Readonly<Record<string, string | undefined>>, replace = false) => {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(values))
        if (value === undefined || value === "") next.delete(name);
        else next.set(name, value);
      const query = next.toString();
      const href = query ? `${path}?${query}` : path;
      if (href === location.pathname + location.search) return;
      // Next follows the browser's history by itself; no round trip to the server is needed for a selection.
      if (replace) history.replaceState(null, "", href);
      else history.pushState(null, "", href);
    },
    [path],
  );
  return { get, set };
}
