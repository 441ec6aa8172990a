"use client";

import "@/lib/text/late/adding";
import type { UiKey } from "@/lib/text/ui";
import type { Login } from "@/lib/wire/rest";
import { Field, TextField } from "../ui/field";
import { useText } from "../ui/language";
import type { FieldErrors, LoginDraft } from "./draft";

const kinds: readonly { readonly kind: Login["kind"]; readonly key: UiKey }[] = [
  { kind: "key", key: "loginKey" },
  { kind: "key-file", key: "loginKeyFile" },
  { kind: "agent", key: "loginAgent" },
  { kind: "password", key: "loginPassword" },
];

/** How to log in: to a host or to a hop on the way. `under` is its path in the spec, for errors. */
export function LoginFields({
  login,
  under,
  errors,
  onChange,
}: {
  readonly login: LoginDraft;
  readonly under: string;
  readonly errors: FieldErrors;
  readonly onChange: (login: LoginDraft) => void;
}) {
  // Long: one branch for each way of logging in.
  const { t } = useText();
  const set = (change: Partial<LoginDraft>) => onChange({ ...login, ...change });
  const error = (name: string) => (errors.has(`${under}.${name}`) ? t("fieldNeeded") : undefined);
  return (
    <>
      <fieldset>
        <legend className="mb-1 text-xs font-medium">{t("login")}</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {kinds.map(({ kind, key }) => (
            <label key={kind} className="flex items-center gap-1.5">
              <input type="radio" name={`${under}-kind`} checked={login.kind === kind} onChange={() => set({ kind })} />
              {t(key)}
            </label>
          ))}
        </div>
      </fieldset>
      {login.kind === "key" && (
        <Field label={t("privateKey")} hint={t("privateKeyHint")} error={error("privateKey")}>
          {(control) => (
            <textarea
              {...control}
              className="control mono"
              rows={5}
              spellCheck={false}
              autoComplete="off"
              placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
              value={login.privateKey}
              onChange={(e) => set({ privateKey: e.target.value })}
            />
          )}
        </Field>
      )}
      {login.kind === "key-file" && (
        <TextField
          label={t("keyPath")}
          hint={t("keyPathHint")}
          error={error("path")}
          mono
          spellCheck={false}
          placeholder="~/.ssh/id_ed25519"
          value={login.path}
          onChange={(e) => set({ path: e.target.value })}
        />
      )}
      {(login.kind === "key" || login.kind === "key-file") && (
        <TextField
          label={t("passphrase")}
          hint={t("passphraseHint")}
          type="password"
          autoComplete="off"
          value={login.passphrase}
          onChange={(e) => set({ passphrase: e.target.value })}
        />
      )}
      {login.kind === "agent" && <p className="text-xs text-muted">{t("agentHint")}</p>}
      {login.kind === "password" && (
        <TextField
          label={t("password")}
          error={error("password")}
          type="password"
          autoComplete="off"
          value={login.password}
          onChange={(e) => set({ password: e.target.value })}
        />
      )}
    </>
  );
}
