"use client";

import { Button } from "@/components/ui/button";
import { useText } from "@/components/ui/language";
import { Notice } from "@/components/ui/notice";

/** A page that threw: says so, keeps the digest for the server's log, and offers to draw it again. */
export default function ErrorPage({
  error,
  reset,
}: {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}) {
  const { t } = useText();
  return (
    <main className="mx-auto flex w-full max-w-xl flex-col gap-3 p-6">
      <Notice look="fail">
        <p className="font-medium">{t("pageFailed")}</p>
        <p className="break-words">{error.message}</p>
        {error.digest && <code className="text-xs text-muted">{error.digest}</code>}
      </Notice>
      <div>
        <Button onClick={reset}>{t("tryAgain")}</Button>
      </div>
    </main>
  );
}
