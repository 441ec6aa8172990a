"use client";

import { type ReactNode, useState } from "react";
import { reasonOf } from "../api/client";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { TextField } from "./field";
import { useText } from "./language";
import { Notice } from "./notice";

/** Asks before something that cannot be taken back. With `type`, that text must be typed first: a slip of the hand is not enough. */
export function Confirm({
  title,
  children,
  action,
  type,
  onConfirm,
  onClose,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  readonly type?: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}) {
  // Long: a quarter of it says what it is given.
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setFailure(reasonOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      locked={busy}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            {t("cancel")}
          </Button>
          <Button look="danger" disabled={busy || (type !== undefined && typed !== type)} onClick={() => void run()}>
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {children}
        {type !== undefined && (
          <TextField
            label={t("typeToConfirm", { text: type })}
            mono
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(e) => setTyped(e.target.value)}
          />
        )}
        {failure && <Notice look="fail">{failure}</Notice>}
      </div>
    </Dialog>
  );
}
