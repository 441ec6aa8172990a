"use client";

import "@/lib/text/late/acting";
import { useState } from "react";
import { route as stopDemo } from "@/lib/wire/routes/stop-demo";
import { call, reasonOf } from "../api/client";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";

/** Says that simulated hosts are on the page, and takes them away. */
export function DemoBar() {
  const { t } = useText();
  const { can } = useMe();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const stop = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await call(stopDemo, {});
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setBusy(false);
  };
  return (
    <Notice className="mb-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="flex-1">{t("demoRunning")}</span>
        {failure && <span className="text-fail">{failure}</span>}
        {can("admin") && (
          <Button small disabled={busy} onClick={() => void stop()}>
            {t("demoStop")}
          </Button>
        )}
      </div>
    </Notice>
  );
}
