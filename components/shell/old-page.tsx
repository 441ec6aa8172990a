"use client";

import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { wire } from "@/lib/wire/version";
import { useLive } from "../live/live";
import { Button } from "../ui/button";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";

/** The build that drew this page. Read once: what is fetched later may come from a newer one. */
const ownBuild = () => (typeof document === "undefined" ? undefined : document.body.dataset.build);

/**
 * Says that the server is another than the one that drew this page: what it sends may be more than this page can read.
 */
export function OldPage() {
  const { t } = useText();
  const [own] = useState(ownBuild);
  const server = useLive((s) => s.server);
  const isOld =
    (server.wire !== undefined && server.wire !== wire.version) ||
    (server.build !== undefined && own !== undefined && server.build !== own);
  if (!isOld) return null;
  return (
    <div data-testid="old-page" role="status" className="shrink-0 border-b border-line bg-surface px-3 py-2">
      <Notice look="warn">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 flex-1">{t("oldPage")}</span>
          <Button small onClick={() => location.reload()} icon={<RefreshCw className="size-3.5" />}>
            {t("reloadPage")}
          </Button>
        </span>
      </Notice>
    </div>
  );
}
