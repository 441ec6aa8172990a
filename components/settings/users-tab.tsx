"use client";

import "@/lib/text/late/accounts";
import { type FormEvent, useState } from "react";
import { visible } from "@/lib/text/visible";
import { NewUser, type Role, type UserChange, type UserRow } from "@/lib/wire/rest";
import { route as addUser } from "@/lib/wire/routes/add-user";
import { route as changeUser } from "@/lib/wire/routes/change-user";
import type { ResultOf } from "@/lib/wire/routes/define";
import { route as endUserSessions } from "@/lib/wire/routes/end-user-sessions";
import { route as listUsers } from "@/lib/wire/routes/list-users";
import { route as removeUser } from "@/lib/wire/routes/remove-user";
import { call, reasonOf } from "../api/client";
import { type Load, useLoad } from "../api/use-load";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { Field, TextField } from "../ui/field";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { ListTable, type Question } from "../ui/list-table";
import { Notice } from "../ui/notice";
import { Ago } from "../ui/time";
import { AllTokens } from "./all-tokens";
import { RoleSelect } from "./role-select";

/** Who may log in, and what each may do. */
export function UsersTab() {
  const [load, reload] = useLoad(listUsers, {});
  const [failure, setFailure] = useState<string>();
  const [round, setRound] = useState(0);
  // What ends a person's sessions ends his tokens: both lists are asked for again.
  const again = () => {
    reload();
    setRound((n) => n + 1);
  };
  const change = async (user: UserRow, body: UserChange) => {
    setFailure(undefined);
    try {
      await call(changeUser, { params: { id: user.id }, body });
    } catch (error) {
      setFailure(reasonOf(error));
    }
    again();
  };
  return (
    <div className="flex flex-col gap-5">
      <UserForm onMade={reload} />
      {failure && <Notice look="fail">{failure}</Notice>}
      <UserTable load={load} again={again} change={(user, body) => void change(user, body)} />
      <AllTokens round={round} />
    </div>
  );
}

function UserTable({
  load,
  again,
  change,
}: {
  readonly load: Load<ResultOf<typeof listUsers>>;
  readonly again: () => void;
  readonly change: (user: UserRow, body: UserChange) => void;
}) {
  const { t } = useText();
  const { me } = useMe();
  return (
    <ListTable
      load={load}
      reload={again}
      skeleton={3}
      rowsOf={({ users }) => users}
      rowProps={(user) => (user.disabled ? { className: "text-muted" } : {})}
      columns={[
        { head: t("name"), cell: (user) => <HostText text={user.name} className="block max-w-48" /> },
        { head: t("email"), cell: (user) => <HostText text={user.email} className="block max-w-64" /> },
        {
          head: t("role"),
          cell: (user) => (
            <RoleSelect
              control={{ "aria-label": `${t("role")}: ${visible(user.name)}` }}
              role={user.role}
              disabled={user.id === me?.id}
              onChange={(role) => change(user, { role })}
            />
          ),
        },
        { head: t("madeAt"), cell: (user) => <Ago at={user.madeAt} /> },
        { head: t("sessions"), cell: (user) => user.sessions },
      ]}
      actions={(user, ask) => user.id !== me?.id && <UserActions user={user} ask={ask} change={change} />}
    />
  );
}

function UserActions({
  user,
  ask,
  change,
}: {
  readonly user: UserRow;
  readonly ask: (question: Question) => void;
  readonly change: (user: UserRow, body: UserChange) => void;
}) {
  const { t } = useText();
  const name = visible(user.name);
  const logOut = () =>
    ask({
      title: t("logOutEverywhereTitle", { name }),
      action: t("logOutEverywhere"),
      text: t("logOutEverywhereLong"),
      run: () => call(endUserSessions, { params: { id: user.id } }),
    });
  const disable = () =>
    ask({
      title: t("disableTitle", { name }),
      action: t("disable"),
      text: t("logOutEverywhereLong"),
      run: () => call(changeUser, { params: { id: user.id }, body: { disabled: true } }),
    });
  const remove = () =>
    ask({
      title: t("removeUser", { name }),
      action: t("remove"),
      text: t("removeUserLong"),
      run: () => call(removeUser, { params: { id: user.id } }),
    });
  return (
    <span className="flex justify-end gap-1">
      <Button small look="quiet" onClick={logOut}>
        {t("logOutEverywhere")}
      </Button>
      <Button small look="quiet" onClick={() => (user.disabled ? change(user, { disabled: false }) : disable())}>
        {t(user.disabled ? "enable" : "disable")}
      </Button>
      <Button small look="quiet" onClick={remove}>
        {t("remove")}
      </Button>
    </span>
  );
}

function UserForm({ onMade }: { readonly onMade: () => void }) {
  const { t } = useText();
  const [values, setValues] = useState({ name: "", email: "", password: "" });
  const [role, setRole] = useState<Role>("viewer");
  const [failure, setFailure] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(undefined);
    const body = NewUser.safeParse({ ...values, email: values.email.trim(), role });
    if (!body.success) {
      setFailure(`${String(body.error.issues[0]?.path[0] ?? "")}: ${body.error.issues[0]?.message ?? ""}`);
      return;
    }
    try {
      await call(addUser, { body: body.data });
      setValues({ name: "", email: "", password: "" });
      onMade();
    } catch (error) {
      setFailure(reasonOf(error));
    }
  };
  const set = (name: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues({ ...values, [name]: event.target.value });
  return (
    <form noValidate onSubmit={(e) => void submit(e)} className="flex flex-wrap items-end gap-3">
      <TextField label={t("name")} autoComplete="off" value={values.name} onChange={set("name")} />
      <TextField label={t("email")} type="email" autoComplete="off" value={values.email} onChange={set("email")} />
      <TextField
        label={t("newPassword")}
        type="password"
        autoComplete="new-password"
        value={values.password}
        onChange={set("password")}
      />
      <Field label={t("role")}>{(control) => <RoleSelect control={control} role={role} onChange={setRole} />}</Field>
      <Button type="submit">{t("addUser")}</Button>
      {failure && <Notice look="fail">{failure}</Notice>}
    </form>
  );
}
