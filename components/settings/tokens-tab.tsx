"use client";

import "@/lib/text/late/accounts";
import { type FormEvent, useState } from "react";
import { visible } from "@/lib/text/visible";
import { type MadeToken, NewToken, type Role, type TokenRow } from "@/lib/wire/rest";
import { route as addToken } from "@/lib/wire/routes/add-token";
import { route as listTokens } from "@/lib/wire/routes/list-tokens";
import { route as removeToken } from "@/lib/wire/routes/remove-token";
import { call, reasonOf } from "../api/client";
import { useLoad } from "../api/use-load";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Field, TextField } from "../ui/field";
import { useText } from "../ui/language";
import { ListTable } from "../ui/list-table";
import { Notice } from "../ui/notice";
import { Ago } from "../ui/time";
import { RevokeButton } from "./revoke-button";
import { RoleSelect } from "./role-select";
import { tokenColumns } from "./token-columns";

/** API tokens for scripts: made once, shown once. */
export function TokensTab() {
  const { t } = useText();
  const [load, reload] = useLoad(listTokens, {});
  const [made, setMade] = useState<MadeToken>();
  const { name, start, role, used, expires } = tokenColumns<TokenRow>({ t });
  const madeAt = { head: t("madeAt"), cell: (row: TokenRow) => <Ago at={row.madeAt} /> };
  return (
    <div className="flex flex-col gap-5">
      <TokenForm
        onMade={(token) => {
          setMade(token);
          reload();
        }}
      />
      {made && (
        <Notice>
          <p>{t("tokenMade", { name: visible(made.row.name) })}</p>
          <p className="mt-1 flex items-center gap-2">
            <code className="break-all select-all">{made.token}</code>
            <CopyButton text={made.token} />
          </p>
        </Notice>
      )}
      <ListTable
        load={load}
        reload={reload}
        rowsOf={({ tokens }) => tokens}
        empty={<p className="text-muted">{t("noTokens")}</p>}
        columns={[name, start, role, madeAt, used, expires]}
        actions={(row, ask) => (
          <RevokeButton row={row} ask={ask} run={() => call(removeToken, { params: { id: row.id } })} />
        )}
      />
    </div>
  );
}

function TokenForm({ onMade }: { readonly onMade: (token: MadeToken) => void }) {
  const { t } = useText();
  const { me, can } = useMe();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [days, setDays] = useState("90");
  const [failure, setFailure] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(undefined);
    const body = NewToken.safeParse({ name, role, expiresInDays: days === "" ? null : Number(days) });
    if (!body.success) {
      setFailure(t("fieldNeeded"));
      return;
    }
    try {
      onMade(await call(addToken, { body: body.data }));
      setName("");
    } catch (error) {
      setFailure(reasonOf(error));
    }
  };
  return (
    <form noValidate onSubmit={(e) => void submit(e)} className="flex flex-wrap items-end gap-3">
      <TextField label={t("tokenName")} value={name} onChange={(e) => setName(e.target.value)} placeholder="cron" />
      <Field label={t("role")}>
        {(control) => <RoleSelect control={control} role={role} most={me?.role ?? "viewer"} onChange={setRole} />}
      </Field>
      <Field label={t("expires")}>
        {(control) => (
          <select {...control} className="control" value={days} onChange={(e) => setDays(e.target.value)}>
            <option value="7">{t("expires7d")}</option>
            <option value="90">{t("expires90d")}</option>
            <option value="365">{t("expires365d")}</option>
            {can("admin") && <option value="">{t("expiresNever")}</option>}
          </select>
        )}
      </Field>
      <Button type="submit">{t("makeToken")}</Button>
      {failure && <Notice look="fail">{failure}</Notice>}
    </form>
  );
}
