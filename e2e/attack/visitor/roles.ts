import type { Role } from "@/lib/wire/rest";
import type { RouteContract } from "@/lib/wire/routes/define";
import { routes } from "@/lib/wire/routes/registry";
import { type Attack, type Attempt, all } from "../define";
import { type Answered, codeOf } from "../http";
import { Person, password, send } from "../people";
import type { World } from "../world";

const address = (path: string) => path.replace(/:\w+/g, "nothing-there");
const isRole = (answer: Answered) => answer.status === 403 && answer.text.includes('"role"');
const isGone = (answer: Answered) => answer.status === 401;

/** Every route that asks for one of `roles`, asked by a session and by a token of `person`. */
async function above(person: Person, roles: readonly (Role | "open")[]): Promise<Attempt> {
  const { token } = await makeToken(person, person.role);
  const tried = [];
  for (const route of Object.values<RouteContract>(routes).filter((one) => roles.includes(one.role)))
    for (const by of ["session", "token"] as const) {
      const sending = { method: route.method, ...(route.method === "GET" ? {} : { body: [] }) };
      const answer =
        by === "session"
          ? await person.send(address(route.path), sending)
          : await send(person.port, address(route.path), null, {
              ...sending,
              headers: { Authorization: `Bearer ${token}` },
            });
      tried.push({ what: `${route.method} ${route.path} by ${by}`, refused: isRole(answer), got: codeOf(answer) });
    }
  return all(tried);
}

const makeToken = (person: Person, role: Role) =>
  person.must<{ token: string; row: { id: string } }>("/api/tokens", {
    method: "POST",
    body: { name: "script", role, expiresInDays: 1 },
  });

const withToken = (world: World, path: string, token: string, method = "GET", body?: unknown) =>
  send(world.port, path, null, {
    method,
    ...(body === undefined ? {} : { body }),
    headers: { Authorization: `Bearer ${token}` },
  });

/** A session and a token of the same person, after something that should have ended both. */
async function afterwards(world: World, ending: (person: Person) => Promise<unknown>): Promise<Attempt> {
  const person = await world.person("operator");
  const { token } = await makeToken(person, "operator");
  const before = [await person.send("/api/hosts"), await withToken(world, "/api/hosts", token)];
  if (before.some((answer) => answer.status !== 200)) throw new Error("session and token did not work before");
  await ending(person);
  const session = await person.send("/api/hosts");
  const byToken = await withToken(world, "/api/hosts", token);
  return all([
    { what: "session", refused: isGone(session), got: codeOf(session) },
    { what: "token", refused: isGone(byToken), got: codeOf(byToken) },
  ]);
}

const change = (world: World, person: Person, body: unknown) =>
  world.admin.must(`/api/users/${person.id}`, { method: "PATCH", body });

/** By people with an account who want more, or who should have none any more. */
export const attacks: readonly Attack[] = [
  {
    id: "viewer-above-role",
    finding: 9,
    wants: "each route that asks for an operator or an admin, as a viewer, by session and by token",
    seen: { log: /refused GET \/api\/audit: 403 role/ },
    succeedsWith: "roles-not-asked",
    attempt: (world) => above(world.viewer, ["operator", "admin"]),
  },
  {
    id: "operator-above-role",
    finding: 9,
    wants: "each route that asks for an admin, as an operator",
    seen: { log: /refused GET \/api\/users: 403 role/ },
    succeedsWith: "roles-not-asked",
    attempt: (world) => above(world.operator, ["admin"]),
  },
  {
    id: "promote-oneself",
    finding: 9,
    wants: "another role, by fields that the body does not have",
    seen: { log: /refused PATCH \/api\/users\// },
    async attempt(world) {
      const person = await world.person("viewer");
      await person.send(`/api/users/${person.id}`, { method: "PATCH", body: { role: "admin" } });
      for (const body of [
        {
          name: "x",
          role: "viewer",
          expiresInDays: 1,
          metadata: { role: "admin" },
          userId: world.admin.id,
          referenceId: world.admin.id,
        },
        JSON.parse('{"name":"x","role":"viewer","expiresInDays":1,"__proto__":{"role":"admin"}}'),
      ]) {
        const { token } = await person.must<{ token: string }>("/api/tokens", { method: "POST", body });
        const answer = await withToken(world, "/api/users", token);
        if (!isRole(answer)) return { harm: `its token is answered ${codeOf(answer)}`, refused: null };
      }
      const me = await person.must<{ role: string }>("/api/me");
      return me.role === "viewer" ? { harm: null, refused: "403 role" } : { harm: `is ${me.role} now`, refused: null };
    },
  },
  {
    id: "token-breeds",
    finding: 9,
    wants: "tokens and passwords made by a token that leaked, so that revoking it ends nothing",
    seen: { log: /refused POST \/api\/tokens: 403 role/ },
    async attempt(world) {
      const person = await world.person("operator");
      const { token } = await makeToken(person, "operator");
      const bred = await withToken(world, "/api/tokens", token, "POST", {
        name: "child",
        role: "viewer",
        expiresInDays: 1,
      });
      const secret = await withToken(world, "/api/auth/password", token, "POST", {
        current: "x",
        next: "another passphrase",
      });
      return all([
        { what: "token", refused: isRole(bred), got: codeOf(bred) },
        { what: "password", refused: isRole(secret), got: codeOf(secret) },
      ]);
    },
  },
  {
    id: "after-logged-out-everywhere",
    finding: 9,
    wants: "to go on after an admin has logged the person out everywhere",
    seen: { audit: /user logged out everywhere/ },
    attempt: (world) =>
      afterwards(world, (person) => world.admin.must(`/api/users/${person.id}/sessions`, { method: "DELETE" })),
  },
  {
    id: "after-password-reset",
    finding: 9,
    wants: "to go on after an admin has given the account another password",
    seen: { audit: /user changed/ },
    attempt: (world) => afterwards(world, (person) => change(world, person, { password: "quite another passphrase" })),
  },
  {
    id: "after-own-password-change",
    finding: 9,
    wants: "to go on with a stolen session or token after its owner has changed the password",
    seen: { audit: /password changed/ },
    attempt: (world) =>
      afterwards(world, async (person) => {
        const owner = await Person.login(world.port, person.email);
        await owner.must("/api/auth/password", {
          method: "POST",
          body: { current: password, next: "quite another passphrase" },
        });
      }),
  },
  {
    id: "after-disabled-and-enabled",
    finding: 9,
    wants: "to go on after the account was disabled for a while",
    seen: { audit: /user changed/ },
    attempt: (world) =>
      afterwards(world, async (person) => {
        await change(world, person, { disabled: true });
        await change(world, person, { disabled: false });
      }),
  },
  {
    id: "after-removal",
    finding: 9,
    wants: "to go on after the account was removed",
    seen: { audit: /user removed/ },
    attempt: (world) =>
      afterwards(world, (person) => world.admin.must(`/api/users/${person.id}`, { method: "DELETE" })),
  },
  {
    id: "after-demotion",
    finding: 9,
    wants: "to stay an operator in an open session and by a token after being made a viewer",
    seen: { audit: /user changed/ },
    async attempt(world) {
      const person = await world.person("operator");
      const { token } = await makeToken(person, "operator");
      await change(world, person, { role: "viewer" });
      const answers = { session: await person.send("/api/audit"), token: await withToken(world, "/api/audit", token) };
      return all(
        Object.entries(answers).map(([what, answer]) => ({
          what,
          refused: isRole(answer) || isGone(answer),
          got: codeOf(answer),
        })),
      );
    },
  },
  {
    id: "others-sessions",
    finding: 9,
    wants: "other people's sessions and tokens, seen or ended",
    seen: { log: /refused auth\.endSession: not-found/ },
    async attempt(world) {
      const { sessions } = await world.admin.must<{ sessions: { id: string }[] }>("/api/auth/sessions");
      const made = await makeToken(world.admin, "viewer");
      const own = await world.viewer.send("/api/auth/sessions");
      if (sessions.some(({ id }) => own.text.includes(id))) return { harm: "it lists those of others", refused: null };
      const tried = [];
      for (const path of [`/api/auth/sessions/${sessions[0]?.id}`, `/api/tokens/${made.row.id}`]) {
        const answer = await world.viewer.send(path, { method: "DELETE" });
        tried.push({ what: path, refused: answer.status === 404 || isRole(answer), got: codeOf(answer) });
      }
      const still = await withToken(world, "/api/me", made.token);
      return still.status === 200 ? all(tried) : { harm: "the admin's token is gone", refused: null };
    },
  },
];
