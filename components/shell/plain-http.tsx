"use client";

import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../ui/language";

/** Every page of a site that goes over http to others (--insecure-http): a strip above it that cannot be closed, and the page below it. */
export function UnderPlainHttp({ children }: { readonly children: ReactNode }) {
  const { t } = useText();
  return (
    <div className="flex h-dvh flex-col">
      <div
        role="note"
        data-testid="plain-http"
        className="flex shrink-0 items-start gap-2 border-b-2 border-warn-mark bg-warn-soft px-4 py-1.5 text-text"
      >
        <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warn" />
        <p>
          <strong>{t("plainHttp")}</strong> {t("plainHttpLong")}
        </p>
      </div>
      {/* Pages are made as high as the window; here they are as high as what the strip leaves. */}
      <div className="min-h-0 flex-1 overflow-y-auto [&_.h-dvh]:h-full [&_.min-h-dvh]:min-h-full">{children}</div>
    </div>
  );
}
