"use client";

import "@/lib/text/late/accounts";
import { type FormEvent, useState } from "react";
import { visible } from "@/lib/text/visible";
import { PasswordBody } from "@/lib/wire/rest";
import { route as changePassword } from "@/lib/wire/routes/change-password";
import { route as endSession } from "@/lib/wire/routes/end-session";
import { route as listSessions } from "@/lib/wire/routes/list-sessions";
import { call, reasonOf } from "../api/client";
import { useLoad } from "../api/use-load";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { useText } from "../ui/language";
import { ListTable } from "../ui/list-table";
import { Notice } from "../ui/notice";
import { Ago } from "../ui/time";

/** One's own name, password and sessions. */
export function AccountTab() {
  const { t } = useText();
  const { me } = useMe();
  return (
    <div className="flex flex-col gap-6">
      {me && (
        <p>
          <span className="font-medium">{me.name}</span> <span className="text-muted">{me.email}</span> ·{" "}
          {t(`role_${me.role}`)}
        </p>
      )}
      <PasswordForm />
      <section aria-labelledby="sessions-heading">
        <h2 id="sessions-heading" className="mb-1 font-medium">
          {t("sessions")}
        </h2>
        <SessionTable />
      </section>
    </div>
  );
}

function SessionTable() {
  const { t } = useText();
  const [load, reload] = useLoad(listSessions, {});
  const [failure, setFailure] = useState<string>();
  const end = async (id: string) => {
    setFailure(undefined);
    try {
      await call(endSession, { params: { id } });
      reload();
    } catch (error) {
      setFailure(reasonOf(error));
    }
  };
  return (
    <>
      {failure && <Notice look="fail">{failure}</Notice>}
      <ListTable
        load={load}
        reload={reload}
        rowsOf={({ sessions }) => sessions}
        columns={[
          {
            head: t("browser"),
            className: "max-w-md truncate",
            cell: ({ browser }) => (browser === null ? t("unknownBrowser") : visible(browser)),
          },
          {
            head: t("address"),
            className: "mono",
            cell: ({ address }) => (address === null ? "" : visible(address)),
          },
          { head: t("begun"), cell: ({ madeAt }) => <Ago at={madeAt} /> },
        ]}
        actions={({ id, current }) =>
          current ? (
            <span className="text-muted">{t("thisSession")}</span>
          ) : (
            <Button small look="quiet" onClick={() => void end(id)}>
              {t("endSession")}
            </Button>
          )
        }
      />
    </>
  );
}

function PasswordForm() {
  const { t } = useText();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [state, setState] = useState<{ readonly failure?: string; readonly done?: boolean; readonly short?: boolean }>(
    {},
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = PasswordBody.safeParse({ current, next });
    if (!body.success) {
      setState({ short: true });
      return;
    }
    try {
      await call(changePassword, { body: body.data });
      setCurrent("");
      setNext("");
      setState({ done: true });
    } catch (error) {
      setState({ failure: reasonOf(error) });
    }
  };
  return (
    <form noValidate onSubmit={(e) => void submit(e)} className="flex flex-wrap items-start gap-3">
      <TextField
        label={t("currentPassword")}
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={(e) => setCurrent(e.target.value)}
      />
      <TextField
        label={t("newPassword")}
        hint={t("passwordHint")}
        error={state.short ? t("passwordHint") : undefined}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={(e) => setNext(e.target.value)}
      />
      <Button type="submit" className="mt-[22px]">
        {t("changePassword")}
      </Button>
      {state.failure && <Notice look="fail">{state.failure}</Notice>}
      {state.done && <Notice>{t("passwordChanged")}</Notice>}
    </form>
  );
}
