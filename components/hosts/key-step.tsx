"use client";

import "@/lib/text/late/adding";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import { visible } from "@/lib/text/visible";
import type { KeyQuestion } from "@/lib/wire/rest";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { TextField } from "../ui/field";
import { useText } from "../ui/language";

/** Characters of the new fingerprint that must be typed before a changed key is taken: nobody types eight characters by accident. */
const typedEnd = 8;

/** A host key that nobody has approved yet, or, loud, another than the one on record. */
export function KeyStep({
  question,
  busy,
  onApprove,
  onBack,
}: {
  readonly question: KeyQuestion;
  readonly busy: boolean;
  readonly onApprove: (replace: string | undefined) => void;
  readonly onBack: () => void;
}) {
  return question.known === undefined ? (
    <NewKey question={question} busy={busy} onApprove={() => onApprove(undefined)} onBack={onBack} />
  ) : (
    <ChangedKey question={question} known={question.known} busy={busy} onApprove={onApprove} onBack={onBack} />
  );
}

const bare = (keyType: string) =>
  keyType.replace(/^ssh-|^ecdsa-sha2-.*/, (m) => (m.startsWith("ecdsa") ? "ecdsa" : ""));

/** What to run on the host's own console to see the same fingerprint. */
const consoleCommand = (keyType: string) => `ssh-keygen -lf /etc/ssh/ssh_host_${bare(keyType)}_key.pub`;

function NewKey({
  question,
  busy,
  onApprove,
  onBack,
}: {
  readonly question: KeyQuestion;
  readonly busy: boolean;
  readonly onApprove: () => void;
  readonly onBack: () => void;
}) {
  const { t } = useText();
  return (
    <section aria-labelledby="key-heading" className="flex flex-col gap-3">
      <h2 id="key-heading" className="text-base font-semibold">
        {t("newKeyTitle", { address: visible(question.address) })}
      </h2>
      <p className="text-muted">{t("newKeyLong")}</p>
      <Fingerprint label={`${visible(question.keyType)} ${t("fingerprint")}`} value={question.fingerprint} />
      <Compare keyType={question.keyType} />
      <div className="flex gap-2">
        <Button look="primary" disabled={busy} onClick={onApprove}>
          {t("approveKey")}
        </Button>
        <Button disabled={busy} onClick={onBack}>
          {t("notThisKey")}
        </Button>
      </div>
    </section>
  );
}

function ChangedKey({
  question,
  known,
  busy,
  onApprove,
  onBack,
}: {
  readonly question: KeyQuestion;
  readonly known: string;
  readonly busy: boolean;
  readonly onApprove: (replace: string) => void;
  readonly onBack: () => void;
}) {
  const { t } = useText();
  return (
    <section
      role="alert"
      aria-labelledby="key-heading"
      className="flex flex-col gap-3 rounded border-2 border-fail-mark bg-fail-soft p-4"
    >
      <h2 id="key-heading" className="flex items-center gap-2 text-base font-semibold text-fail">
        <OctagonX aria-hidden="true" className="size-5" />
        {t("changedKeyTitle", { address: visible(question.address) })}
      </h2>
      <p>{t("changedKeyLong")}</p>
      <Fingerprint label={t("keyOnRecord")} value={known} />
      <Fingerprint label={`${t("keyShownNow")} (${visible(question.keyType)})`} value={question.fingerprint} />
      <Compare keyType={question.keyType} />
      <div>
        <Button onClick={onBack} disabled={busy}>
          {t("stopHere")}
        </Button>
      </div>
      <Replace end={question.fingerprint.slice(-typedEnd)} busy={busy} onReplace={() => onApprove(known)} />
    </section>
  );
}

/** The way past the alarm: out of sight, and only for somebody who has read the new fingerprint. */
function Replace({
  end,
  busy,
  onReplace,
}: {
  readonly end: string;
  readonly busy: boolean;
  readonly onReplace: () => void;
}) {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  return (
    <details>
      <summary className="text-muted hover:text-text">{t("keyWasReplaced")}</summary>
      <div className="mt-3 flex flex-col gap-3">
        <TextField
          label={t("typeFingerprintEnd", { count: typedEnd })}
          mono
          className="max-w-56"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onPaste={(e) => e.preventDefault()}
          onChange={(e) => setTyped(e.target.value)}
        />
        <div>
          <Button look="danger" disabled={busy || typed !== end} onClick={onReplace}>
            {t("replaceKey")}
          </Button>
        </div>
      </div>
    </details>
  );
}

function Fingerprint({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <p className="text-xs text-muted">{label}</p>
      <code className="text-base break-all select-all" data-testid="fingerprint">
        {visible(value)}
      </code>
    </div>
  );
}

function Compare({ keyType }: { readonly keyType: string }) {
  const { t } = useText();
  const command = consoleCommand(keyType);
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
      {t("compareWith")} <code className="text-text">{visible(command)}</code>
      <CopyButton text={command} iconOnly label={t("copyCommand")} />
    </p>
  );
}
