"use client";

import "@/lib/text/late/accounts";
import { visible } from "@/lib/text/visible";
import { Button } from "../ui/button";
import { useText } from "../ui/language";
import type { Question } from "../ui/list-table";

/** Revokes a token once that is confirmed; one's own and everybody's differ in the route that `run` calls. */
export function RevokeButton({
  row,
  ask,
  run,
}: {
  readonly row: { readonly name: string };
  readonly ask: (question: Question) => void;
  readonly run: Question["run"];
}) {
  const { t } = useText();
  return (
    <Button
      small
      look="quiet"
      onClick={() =>
        ask({
          title: t("revokeToken", { name: visible(row.name) }),
          action: t("revoke"),
          text: t("revokeTokenLong"),
          run,
        })
      }
    >
      {t("revoke")}
    </Button>
  );
}
