"use client";

import { type FormEvent, useState } from "react";
import * as z from "zod";
import { visible } from "@/lib/text/visible";
import { NewUser, type Role, type UserChange, UserRow } from "@/lib/wire/rest";
import { call, nothing, reasonOf, segment } from "../api/client";
import { useLoad } from "../api/use-load";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Field } from "../ui/field";
import { HostText } from "../ui/host-text";
import { useText } from "../ui/language";
import { Loaded } from "../ui/loaded";
import { Notice } from "../ui/notice";
import { Ago } from "../ui/time";
import { AllTokens } from "./all-tokens";
import { RoleSelect } from "./role-select";

const Users = z.object({ users: z.array(UserRow) });

/** Who may log in, and what each may do. */
export function UsersTab() {
  const { t } = useText();
  const { me } = useMe();
  const [load, reload] = useLoad(Users, "/users");
  const [failure, setFailure] = useState<string>();
  const [leaving, setLeaving] = useState<UserRow>();
  const [ending, setEnding] = useState<{ user: UserRow; by: "logOut" | "disable" }>();
  const [round, setRound] = useState(0);
  // What ends a person's sessions ends his tokens: both lists are asked for again.
  const again = () => {
    reload();
    setRound((n) => n + 1);
  };
  const run = async (work: () => Promise<unknown>) => {
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure(reasonOf(error));
    }
    again();
  };
  const change = (user: UserRow, body: UserChange) =>
    void run(() => call(UserRow, `/users/${segment(user.id)}`, { method: "PATCH", body }));
  return (
    <div className="flex flex-col gap-5">
      <UserForm onMade={reload} />
      {failure && <Notice look="fail">{failure}</Notice>}
      <Loaded load={load} retry={reload} rows={3}>
        {({ users }) => (
          <table className="data">
            <thead>
              <tr>
                <th scope="col">{t("name")}</th>
                <th scope="col">{t("email")}</th>
                <th scope="col">{t("role")}</th>
                <th scope="col">{t("madeAt")}</th>
                <th scope="col">{t("sessions")}</th>
                <th scope="col">
                  <span className="sr-only">{t("actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {users.map((user) => (
                <tr key={user.id} className={user.disabled ? "text-muted" : undefined}>
                  <td>
                    <HostText text={user.name} className="block max-w-48" />
                  </td>
                  <td>
                    <HostText text={user.email} className="block max-w-64" />
                  </td>
                  <td>
                    <RoleSelect
                      control={{ "aria-label": `${t("role")}: ${visible(user.name)}` }}
                      role={user.role}
                      disabled={user.id === me?.id}
                      onChange={(role) => change(user, { role })}
                    />
                  </td>
                  <td>
                    <Ago at={user.madeAt} />
                  </td>
                  <td>{user.sessions}</td>
                  <td>
                    {user.id !== me?.id && (
                      <span className="flex justify-end gap-1">
                        <Button small look="quiet" onClick={() => setEnding({ user, by: "logOut" })}>
                          {t("logOutEverywhere")}
                        </Button>
                        <Button
                          small
                          look="quiet"
                          onClick={() =>
                            user.disabled ? change(user, { disabled: false }) : setEnding({ user, by: "disable" })
                          }
                        >
                          {t(user.disabled ? "enable" : "disable")}
                        </Button>
                        <Button small look="quiet" onClick={() => setLeaving(user)}>
                          {t("remove")}
                        </Button>
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      <AllTokens round={round} />
      {ending && (
        <Confirm
          title={t(ending.by === "disable" ? "disableTitle" : "logOutEverywhereTitle", {
            name: visible(ending.user.name),
          })}
          action={t(ending.by === "disable" ? "disable" : "logOutEverywhere")}
          onClose={() => setEnding(undefined)}
          onConfirm={async () => {
            const path = `/users/${segment(ending.user.id)}`;
            if (ending.by === "disable") await call(UserRow, path, { method: "PATCH", body: { disabled: true } });
            else await call(nothing, `${path}/sessions`, { method: "DELETE" });
            again();
          }}
        >
          <p>{t("logOutEverywhereLong")}</p>
        </Confirm>
      )}
      {leaving && (
        <Confirm
          title={t("removeUser", { name: visible(leaving.name) })}
          action={t("remove")}
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await call(nothing, `/users/${segment(leaving.id)}`, { method: "DELETE" });
            again();
          }}
        >
          <p>{t("removeUserLong")}</p>
        </Confirm>
      )}
    </div>
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
      await call(UserRow, "/users", { method: "POST", body: body.data });
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
      <Field label={t("name")}>
        {(control) => (
          <input {...control} className="control" autoComplete="off" value={values.name} onChange={set("name")} />
        )}
      </Field>
      <Field label={t("email")}>
        {(control) => (
          <input
            {...control}
            className="control"
            type="email"
            autoComplete="off"
            value={values.email}
            onChange={set("email")}
          />
        )}
      </Field>
      <Field label={t("newPassword")}>
        {(control) => (
          <input
            {...control}
            className="control"
            type="password"
            autoComplete="new-password"
            value={values.password}
            onChange={set("password")}
          />
        )}
      </Field>
      <Field label={t("role")}>{(control) => <RoleSelect control={control} role={role} onChange={setRole} />}</Field>
      <Button type="submit">{t("addUser")}</Button>
      {failure && <Notice look="fail">{failure}</Notice>}
    </form>
  );
}
