"use client";

import "@/lib/text/late/inventory";
import "@/lib/text/late/adding";
import { useState } from "react";
import { visible } from "@/lib/text/visible";
import type { ResultOf } from "@/lib/wire/routes/define";
import { route as importKeys } from "@/lib/wire/routes/import-keys";
import { call, reasonOf } from "../api/client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";

/** Takes a known_hosts file over, line by line; what is refused is named with its reason. */
export function ImportKeys({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [done, setDone] = useState<ResultOf<typeof importKeys>>();
  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      setDone(await call(importKeys, { body: { knownHosts: text } }));
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={t("importKeys")}
      onClose={onClose}
      wide
      footer={
        <>
          <Button onClick={onClose}>{t("close")}</Button>
          <Button look="primary" disabled={busy || text.trim() === ""} onClick={() => void run()}>
            {t("import")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="known_hosts" hint={t("importKeysHint")}>
          {(control) => (
            <textarea
              {...control}
              className="control mono"
              rows={10}
              spellCheck={false}
              value={text}
              onChange={(e) => setText(e.target.value)}
            />
          )}
        </Field>
        {failure && <Notice look="fail">{visible(failure)}</Notice>}
        {done && (
          <Notice look={done.refused.length ? "warn" : "info"}>
            <p>{t("keysTaken", { count: done.taken })}</p>
            {done.refused.length > 0 && (
              <ul className="mt-1">
                {done.refused.map((r) => (
                  <li key={r.line}>{t("keyRefused", { line: r.line, reason: visible(r.reason) })}</li>
                ))}
              </ul>
            )}
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
