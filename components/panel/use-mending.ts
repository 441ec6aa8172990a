"use client";

import { useEffect, useState } from "react";
import type { Finding } from "@/lib/checks/finding";
import type { CheckMending } from "@/lib/checks/wording";
import { loadMending } from "@/lib/checks/words/mending";

/**
 * What is expected and how to mend it, in the words of the finding's check. `undefined` while they load, and where this build does not know the
 * check; `"failed"` where they could not be loaded: the server has gone, or holds a newer build than this page.
 */
export function useMending({ check, layer }: Pick<Finding, "check" | "layer">): CheckMending | "failed" | undefined {
  const [loaded, setLoaded] = useState<{
    readonly check: string;
    readonly words: CheckMending | "failed" | undefined;
  }>();
  useEffect(() => {
    let wanted = true;
    const take = (words: CheckMending | "failed" | undefined) => {
      if (wanted) setLoaded({ check, words });
    };
    loadMending[layer]().then(
      ({ words }) => take(words.find((one) => one.id === check)),
      () => take("failed"),
    );
    return () => {
      wanted = false;
    };
  }, [check, layer]);
  return loaded?.check === check ? loaded.words : undefined;
}
