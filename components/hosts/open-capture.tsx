"use client";

import "@/lib/text/late/inventory";
import "@/lib/text/late/adding";
import clsx from "clsx";
import { FileUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { type DragEvent, useRef, useState } from "react";
import { visible } from "@/lib/text/visible";
import { HostSpec } from "@/lib/wire/rest";
import { largestCapture, route as openCapture } from "@/lib/wire/routes/open-capture";
import { call, reasonOf } from "../api/client";
import { subjectHref } from "../shell/search";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { chosenFile } from "./capture-file";

/** The file that was chosen, what it is to be called, and what came of opening it. */
function useOpening() {
  const { t } = useText();
  const router = useRouter();
  const [file, setFile] = useState<File>();
  const [id, setId] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const badId = id !== "" && !HostSpec.shape.id.safeParse(id).success;
  const choose = (chosen: File | null | undefined) => {
    if (!chosen) return;
    setFailure(undefined);
    setFile(chosen);
  };
  const open = async () => {
    if (!file) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const chosen = await chosenFile(file);
      if (typeof chosen === "string")
        setFailure(t(chosen, { file: visible(file.name), most: largestCapture / 1024 / 1024 }));
      else {
        const made = await call(openCapture, { body: { ...chosen, ...(id === "" ? {} : { id }) } });
        router.push(subjectHref(made.id));
        return;
      }
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setBusy(false);
  };
  return { file, choose, id, setId, badId, busy, failure, open };
}

/** Opens what `taproot capture` wrote: choose the file or drop it here, name it if need be, look at it. */
export function OpenCapture({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const { file, choose, id, setId, badId, busy, failure, open } = useOpening();
  return (
    <Dialog
      title={t("openCapture")}
      onClose={onClose}
      locked={busy}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="primary" disabled={busy || !file || badId} onClick={() => void open()}>
            {t(busy ? "captureOpening" : "captureOpen")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-muted">{t("openCaptureLong")}</p>
        <DropZone file={file} disabled={busy} onFile={choose} />
        <Field label={t("captureName")} hint={t("captureNameHint")} error={badId ? t("hostIdError") : undefined}>
          {(control) => (
            <input
              {...control}
              className="control"
              value={id}
              spellCheck={false}
              onChange={(e) => setId(e.target.value.trim())}
            />
          )}
        </Field>
        {failure && <Notice look="fail">{visible(failure)}</Notice>}
      </div>
    </Dialog>
  );
}

function DropZone({
  file,
  disabled,
  onFile,
}: {
  readonly file: File | undefined;
  readonly disabled: boolean;
  readonly onFile: (file: File | null | undefined) => void;
}) {
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!disabled) onFile(event.dataTransfer.files.item(0));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button inside does the same for all.
    <div
      data-testid="drop-zone"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={clsx(
        "flex flex-col items-center gap-2 rounded border border-dashed px-4 py-6 text-center",
        over ? "border-accent bg-accent-soft" : "border-line-strong bg-sunken",
      )}
    >
      <FileUp aria-hidden="true" className="size-5 text-muted" />
      {file ? <HostText text={file.name} mono className="max-w-full" /> : <span>{t("captureDrop")}</span>}
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label={t("captureChoose")}
        accept=".json,.gz,application/json,application/gzip"
        onChange={(event) => onFile(event.target.files?.item(0))}
      />
      <Button small disabled={disabled} onClick={() => input.current?.click()}>
        {t("captureChoose")}
      </Button>
    </div>
  );
}
