"use client";

import { type FormEvent, useState } from "react";
import * as z from "zod";
import { visible } from "@/lib/text/visible";
import { PasswordBody, SessionRow } from "@/lib/wire/rest";
import { call, nothing, reasonOf, segment } from "../api/client";
import { useLoad } from "../api/use-load";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { useText } from "../ui/language";
import { Loaded } from "../ui/loaded";
import { Notice } from "../ui/notice";
import { Ago } from "../ui/time";

const Sessions = z.object({ sessions: z.array(SessionRow) });

/** One's own name, password and sessions. */
export function AccountTab() {
  const { t } = useText();
  const { me } = useMe();
  const [load, reload] = useLoad(Sessions, "/auth/sessions");
  const [failure, setFailure] = useState<string>();
  const end = async (id: string) => {
    setFailure(undefined);
    try {
      await call(nothing, `/auth/sessions/${segment(id)}`, { method: "DELETE" });
      reload();
    } catch (error) {
      setFailure(reasonOf(error));
    }
  };
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
        {failure && <Notice look="fail">{failure}</Notice>}
        <Loaded load={load} retry={reload} rows={2}>
          {({ sessions }) => (
            <table className="data">
              <thead>
                <tr>
                  <th scope="col">{t("browser")}</th>
                  <th scope="col">{t("address")}</th>
                  <th scope="col">{t("begun")}</th>
                  <th scope="col">
                    <span className="sr-only">{t("actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {sessions.map((s) => (
                  <tr key={s.id}>
                    <td className="max-w-md truncate">
                      {s.browser === null ? t("unknownBrowser") : visible(s.browser)}
                    </td>
                    <td className="mono">{s.address === null ? "" : visible(s.address)}</td>
                    <td>
                      <Ago at={s.madeAt} />
                    </td>
                    <td className="text-right">
                      {s.current ? (
                        <span className="text-muted">{t("thisSession")}</span>
                      ) : (
                        <Button small look="quiet" onClick={() => void end(s.id)}>
                          {t("endSession")}
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </section>
    </div>
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
      await call(nothing, "/auth/password", { method: "POST", body: body.data });
      setCurrent("");
      setNext("");
      setState({ done: true });
    } catch (error) {
      setState({ failure: reasonOf(error) });
    }
  };
  return (
    <form noValidate onSubmit={(e) => void submit(e)} className="flex flex-wrap items-start gap-3">
      <Field label={t("currentPassword")}>
        {(control) => (
          <input
            {...control}
            type="password"
            className="control"
            autoComplete="current-password"
            value={current}
            onChange={(e) => setCurrent(e.target.value)}
          />
        )}
      </Field>
      <Field label={t("newPassword")} hint={t("passwordHint")} error={state.short ? t("passwordHint") : undefined}>
        {(control) => (
          <input
            {...control}
            type="password"
            className="control"
            autoComplete="new-password"
            value={next}
            onChange={(e) => setNext(e.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="mt-[22px]">
        {t("changePassword")}
      </Button>
      {state.failure && <Notice look="fail">{state.failure}</Notice>}
      {state.done && <Notice>{t("passwordChanged")}</Notice>}
    </form>
  );
}
