"use client";

import "@/lib/text/late/accounts";
import { type FormEvent, useState } from "react";
import { nextPath } from "@/lib/wire/next-path";
import { route as logIn } from "@/lib/wire/routes/log-in";
import { call, reasonOf } from "../api/client";
import { Button } from "../ui/button";
import { TextField } from "../ui/field";
import { useText } from "../ui/language";
import { Notice } from "../ui/notice";
import { Entry } from "./entry";

/** Log in, and go where one wanted to go. */
export function LoginPage({ next }: { readonly next: string | undefined }) {
  const { t } = useText();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await call(logIn, { body: { email: email.trim(), password } });
      // A full load: nothing of the page before the login stays in memory.
      location.assign(nextPath(next));
    } catch (error) {
      setFailure(reasonOf(error));
      setBusy(false);
    }
  };
  return (
    <Entry title={t("logIn")}>
      <form onSubmit={(e) => void submit(e)} className="flex flex-col gap-4">
        <TextField
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(e) => setEmail(e.target.value)}
        />
        <TextField
          label={t("password")}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(e) => setPassword(e.target.value)}
        />
        {failure && <Notice look="fail">{failure}</Notice>}
        <Button type="submit" look="primary" disabled={busy}>
          {t(busy ? "loggingIn" : "logIn")}
        </Button>
      </form>
    </Entry>
  );
}
