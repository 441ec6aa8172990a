"use client";

import "@/lib/text/late/acting";
import { useState } from "react";
import { visible } from "@/lib/text/visible";
import type { HostSnapshot } from "@/lib/wire/model";
import { defaultHours, type IncidentRow, type MaskChoice } from "@/lib/wire/rest";
import { route as addIncident } from "@/lib/wire/routes/add-incident";
import { route as incidentMarkdown } from "@/lib/wire/routes/incident-markdown";
import { call, reasonOf } from "../api/client";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { Exact } from "../ui/time";
import { MaskFields } from "./mask-fields";
import { SharePreview } from "./share-preview";

const day = 24;
const nothingMasked: MaskChoice = { macs: false, keepVendor: false, addresses: false, names: false };

/** Freezes what is seen now into a link for the ticket. */
export function ShareDialog({
  snapshot,
  selection,
  onClose,
}: {
  readonly snapshot: HostSnapshot;
  readonly selection: string | undefined;
  readonly onClose: () => void;
}) {
  // Long: what was chosen, and the request that is made of all of it.
  const { t } = useText();
  const { me } = useMe();
  // As it was when the dialog opened: a picture that changes while one reads what it will show is no preview.
  const [seen] = useState(snapshot);
  const { host } = seen;
  const [mask, setMask] = useState<MaskChoice>(nothingMasked);
  const [note, setNote] = useState("");
  const [chosen, setHours] = useState<number>();
  const [open, setOpen] = useState(false);
  // A link for everybody ends sooner, unless somebody has chosen otherwise.
  const hours = chosen ?? defaultHours[open ? "public" : "accounts"];
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [made, setMade] = useState<IncidentRow>();
  const make = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const body = {
        host: host.id,
        note,
        expiresInHours: hours,
        public: open,
        mask,
        ...(selection && selection !== "-" ? { selection } : {}),
      };
      setMade(await call(addIncident, { body }));
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={t("shareTitle", { host: visible(host.name) })}
      onClose={onClose}
      locked={busy}
      footer={
        made ? (
          <Button onClick={onClose}>{t("close")}</Button>
        ) : (
          <>
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button look="primary" disabled={busy} onClick={() => void make()}>
              {t("makeLink")}
            </Button>
          </>
        )
      }
    >
      {made ? (
        <Made row={made} />
      ) : (
        <div className="flex flex-col gap-3">
          <p className="text-muted">{t("shareExplained")}</p>
          <Fields note={note} onNote={setNote} hours={hours} onHours={setHours} open={open} onOpen={setOpen} />
          <MaskFields mask={mask} onChange={setMask} />
          <SharePreview snapshot={seen} madeBy={me?.name ?? ""} mask={mask} />
          {failure && <Notice look="fail">{visible(failure)}</Notice>}
        </div>
      )}
    </Dialog>
  );
}

/** What goes with the link: a note, how long it holds, and who may open it. */
function Fields({
  note,
  onNote,
  hours,
  onHours,
  open,
  onOpen,
}: {
  readonly note: string;
  readonly onNote: (note: string) => void;
  readonly hours: number;
  readonly onHours: (hours: number) => void;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}) {
  const { t } = useText();
  return (
    <>
      <Field label={t("note")} hint={t("noteHint")}>
        {(control) => (
          <textarea
            {...control}
            className="control"
            rows={3}
            maxLength={4000}
            value={note}
            onChange={(e) => onNote(e.target.value)}
          />
        )}
      </Field>
      <Field label={t("expires")}>
        {(control) => (
          <select {...control} className="control" value={hours} onChange={(e) => onHours(Number(e.target.value))}>
            <option value={day}>{t("expires1d")}</option>
            <option value={7 * day}>{t("expires7d")}</option>
            <option value={30 * day}>{t("expires30d")}</option>
            <option value={365 * day}>{t("expires365d")}</option>
          </select>
        )}
      </Field>
      <label className="flex items-start gap-2">
        <input type="checkbox" className="mt-1" checked={open} onChange={(e) => onOpen(e.target.checked)} />
        <span>
          {t("public")}
          <span className="block text-xs text-muted">{t("publicHint")}</span>
        </span>
      </label>
    </>
  );
}

function Made({ row }: { readonly row: IncidentRow }) {
  const { t } = useText();
  const link = new URL(row.url, location.origin).href;
  return (
    <div className="flex flex-col gap-3">
      <p>{t("linkMade")}</p>
      <input className="control mono" readOnly aria-label={t("link")} value={link} onFocus={(e) => e.target.select()} />
      <div className="flex flex-wrap gap-2">
        <CopyButton text={link} label={t("copyLink")} />
        <CopyButton text={() => call(incidentMarkdown, { params: { id: row.id } })} label={t("copyMarkdown")} />
        <a className="ml-auto self-center text-accent hover:underline" href={link} target="_blank" rel="noreferrer">
          {t("openLink")}
        </a>
      </div>
      <p className="text-xs text-muted">
        {t("expiresAt")} <Exact at={row.expiresAt} />. {t(row.public ? "opensPublic" : "opensAccount")}
      </p>
    </div>
  );
}
