"use client";

import "@/lib/text/late/adding";
import { Plus, X } from "lucide-react";
import { suggestedId } from "@/lib/wire/host-id";
import type { Sudo } from "@/lib/wire/rest";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { useText } from "../ui/language";
import { emptyLogin, type FieldErrors, type HopDraft, type HostDraft } from "./draft";
import { LoginFields } from "./login-fields";

/** Where the host is, as whom to log in, and by which way. */
export function HostForm({
  draft,
  errors,
  onChange,
}: {
  readonly draft: HostDraft;
  readonly errors: FieldErrors;
  readonly onChange: (draft: HostDraft) => void;
}) {
  const { t } = useText();
  const set = (change: Partial<HostDraft>) => onChange({ ...draft, ...change });
  return (
    <div className="flex flex-col gap-4">
      <Where at={draft} under="" errors={errors} onChange={(change) => set(change)} />
      <TextField
        label={t("hostId")}
        hint={t("hostIdHint")}
        error={errors.has("id") ? t("hostIdError") : undefined}
        mono
        className="max-w-72"
        spellCheck={false}
        value={draft.id ?? suggestedId(draft.address)}
        onChange={(e) => set({ id: e.target.value })}
      />
      <LoginFields login={draft.login} under="login" errors={errors} onChange={(login) => set({ login })} />
      <fieldset>
        <legend className="mb-1 text-xs font-medium">sudo</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {(["auto", "none", "password"] as const satisfies readonly Sudo["kind"][]).map((kind) => (
            <label key={kind} className="flex items-center gap-1.5">
              <input type="radio" name="sudo" checked={draft.sudo === kind} onChange={() => set({ sudo: kind })} />
              {t(`sudo_${kind}`)}
            </label>
          ))}
        </div>
        <p className="mt-1 text-xs text-muted">{t("sudoHint")}</p>
      </fieldset>
      {draft.sudo === "password" && (
        <TextField
          label={t("sudoPassword")}
          error={errors.has("sudo.password") ? t("fieldNeeded") : undefined}
          className="max-w-72"
          type="password"
          autoComplete="off"
          value={draft.sudoPassword}
          onChange={(e) => set({ sudoPassword: e.target.value })}
        />
      )}
      <JumpHosts hops={draft.jump} errors={errors} onChange={(jump) => set({ jump })} />
    </div>
  );
}

function Where({
  at,
  under,
  errors,
  onChange,
}: {
  readonly at: Pick<HopDraft, "address" | "port" | "user">;
  readonly under: string;
  readonly errors: FieldErrors;
  readonly onChange: (change: Partial<Pick<HopDraft, "address" | "port" | "user">>) => void;
}) {
  const { t } = useText();
  const bad = (name: string) => errors.has(`${under}${name}`);
  return (
    <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_9rem_6rem]">
      <TextField
        label={t("address")}
        error={bad("address") ? t("fieldNeeded") : undefined}
        mono
        spellCheck={false}
        autoComplete="off"
        placeholder="kvm1.example.net"
        value={at.address}
        onChange={(e) => onChange({ address: e.target.value })}
      />
      <TextField
        label={t("user")}
        error={bad("user") ? t("fieldNeeded") : undefined}
        mono
        spellCheck={false}
        autoComplete="off"
        value={at.user}
        onChange={(e) => onChange({ user: e.target.value })}
      />
      <TextField
        label={t("port")}
        error={bad("port") ? "1-65535" : undefined}
        mono
        inputMode="numeric"
        value={at.port}
        onChange={(e) => onChange({ port: e.target.value })}
      />
    </div>
  );
}

const mostHops = 5;

function JumpHosts({
  hops,
  errors,
  onChange,
}: {
  readonly hops: readonly HopDraft[];
  readonly errors: FieldErrors;
  readonly onChange: (hops: readonly HopDraft[]) => void;
}) {
  const { t } = useText();
  const add = () =>
    onChange([
      ...hops,
      {
        key: Math.max(0, ...hops.map((h) => h.key)) + 1,
        address: "",
        port: "22",
        user: "root",
        login: { ...emptyLogin, kind: "agent" },
      },
    ]);
  return (
    <section aria-label={t("jumpHosts")} className="flex flex-col gap-3 border-t border-line pt-3">
      <div className="flex items-center gap-2">
        <h3 className="text-xs font-medium">{t("jumpHosts")}</h3>
        <span className="text-xs text-muted">{t("jumpHostsHint")}</span>
        <Button
          small
          className="ml-auto"
          onClick={add}
          disabled={hops.length >= mostHops}
          icon={<Plus className="size-3.5" />}
        >
          {t("addHop")}
        </Button>
      </div>
      {hops.map((hop, i) => (
        <Hop
          key={hop.key}
          hop={hop}
          at={i}
          errors={errors}
          onChange={(change) => onChange(hops.map((h) => (h.key === hop.key ? { ...h, ...change } : h)))}
          onRemove={() => onChange(hops.filter((h) => h.key !== hop.key))}
        />
      ))}
    </section>
  );
}

function Hop({
  hop,
  at,
  errors,
  onChange,
  onRemove,
}: {
  readonly hop: HopDraft;
  readonly at: number;
  readonly errors: FieldErrors;
  readonly onChange: (change: Partial<HopDraft>) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useText();
  return (
    <div className="flex flex-col gap-3 border-l-2 border-line-strong pl-3">
      <div className="flex items-center">
        <span className="text-xs text-muted">{t("hop", { n: at + 1 })}</span>
        <Button
          small
          look="quiet"
          className="ml-auto"
          aria-label={t("removeHop", { n: at + 1 })}
          onClick={onRemove}
          icon={<X className="size-3.5" />}
        />
      </div>
      <Where at={hop} under={`jump.${at}.`} errors={errors} onChange={onChange} />
      <LoginFields
        login={hop.login}
        under={`jump.${at}.login`}
        errors={errors}
        onChange={(login) => onChange({ login })}
      />
    </div>
  );
}
