"use client";

import type { ReactNode } from "react";
import type { Load } from "../api/use-load";
import { Button } from "./button";
import { useText } from "./language";
import { Notice } from "./notice";
import { Skeleton } from "./page";

/** Loading, failed or loaded: the first two drawn the same way everywhere. */
export function Loaded<T>({
  load,
  retry,
  rows = 6,
  children,
}: {
  readonly load: Load<T>;
  readonly retry: () => void;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}) {
  const { t } = useText();
  if (load.state === "loading") return <Skeleton rows={rows} label={t("loading")} />;
  if (load.state === "failed")
    return (
      <Notice look="fail">
        <p>{t("loadFailed", { reason: load.reason })}</p>
        <Button small className="mt-2" onClick={retry}>
          {t("tryAgain")}
        </Button>
      </Notice>
    );
  return children(load.data);
}
