"use client";

import "@/lib/text/late/inventory";
import { type ReactNode, useState } from "react";
import { route as retryHost } from "@/lib/wire/routes/retry-host";
import { call, reasonOf } from "../api/client";
import { Button } from "../ui/button";
import { useText } from "../ui/language";

/** Connects now instead of waiting for the back-off. */
export function RetryButton({ host, icon }: { readonly host: string; readonly icon?: ReactNode }) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const retry = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await call(retryHost, { params: { id: host } });
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setBusy(false);
  };
  return (
    <span className="flex items-center gap-2">
      {failure && (
        <span role="alert" className="text-xs text-fail">
          {failure}
        </span>
      )}
      <Button small disabled={busy} icon={icon} onClick={() => void retry()}>
        {t(busy ? "retrying" : "retryNow")}
      </Button>
    </span>
  );
}
