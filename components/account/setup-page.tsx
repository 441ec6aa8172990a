"use client";

import "@/lib/text/late/accounts";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { SetupBody } from "@/lib/wire/rest";
import { route as setUp } from "@/lib/wire/routes/set-up";
import { route as setupState } from "@/lib/wire/routes/setup-state";
import { call, reasonOf } from "../api/client";
import { useLoad } from "../api/use-load";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { useText } from "../ui/language";
import { Loaded } from "../ui/loaded";
import { Notice } from "../ui/notice";
import { Entry } from "./entry";

/** Makes the first admin, with the one-time link that the console printed. */
export function SetupPage({ token }: { readonly token: string }) {
  const { t } = useText();
  const [load, reload] = useLoad(setupState, { query: { token } });
  return (
    <Entry title={t("setupTitle")}>
      <Loaded load={load} retry={reload} rows={3}>
        {(state) =>
          !state.open ? (
            <Notice>
              {t("setupClosed")}{" "}
              <Link href="/login" className="text-accent underline">
                {t("logIn")}
              </Link>
            </Notice>
          ) : !state.valid ? (
            <Notice look="warn">{t("setupInvalid")}</Notice>
          ) : (
            <SetupForm token={token} />
          )
        }
      </Loaded>
    </Entry>
  );
}

function SetupForm({ token }: { readonly token: string }) {
  // Long: one box of the form after the other, each with its error.
  const { t } = useText();
  const [values, setValues] = useState({ name: "", email: "", password: "" });
  const [errors, setErrors] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = SetupBody.safeParse({ token, ...values, email: values.email.trim() });
    if (!body.success) {
      setErrors(new Set(body.error.issues.map((i) => String(i.path[0]))));
      return;
    }
    setErrors(new Set());
    setBusy(true);
    setFailure(undefined);
    try {
      await call(setUp, { body: body.data });
      location.assign("/");
    } catch (error) {
      setFailure(reasonOf(error));
      setBusy(false);
    }
  };
  const set = (name: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues({ ...values, [name]: event.target.value });
  return (
    <form noValidate onSubmit={(e) => void submit(e)} className="flex flex-col gap-4">
      <p className="text-muted">{t("setupLong")}</p>
      <TextField
        label={t("yourName")}
        error={errors.has("name") ? t("fieldNeeded") : undefined}
        name="name"
        autoComplete="name"
        value={values.name}
        onChange={set("name")}
      />
      <TextField
        label={t("email")}
        error={errors.has("email") ? t("emailBad") : undefined}
        type="email"
        name="email"
        autoComplete="username"
        value={values.email}
        onChange={set("email")}
      />
      <TextField
        label={t("password")}
        hint={t("passwordHint")}
        error={errors.has("password") ? t("passwordHint") : undefined}
        type="password"
        name="password"
        autoComplete="new-password"
        value={values.password}
        onChange={set("password")}
      />
      {failure && <Notice look="fail">{failure}</Notice>}
      <Button type="submit" look="primary" disabled={busy}>
        {t("makeAdmin")}
      </Button>
    </form>
  );
}
