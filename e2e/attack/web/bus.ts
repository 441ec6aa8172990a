import { createHmac, randomBytes } from "node:crypto";
import { busMethods } from "@/lib/wire/bus";
import { type Attack, type Attempt, all } from "../define";
import type { Call, Called } from "../web-process";
import type { World } from "../world";

const refusals = new Set([
  "no-session",
  "role",
  "unknown-method",
  "bad-request",
  "not-found",
  "gone",
  "limited",
  "bad-login",
]);
const methods = Object.entries(busMethods);
const closed = methods.filter(([, { role }]) => role !== "open").map(([method]) => method);
const above = (roles: readonly string[]) =>
  methods.filter(([, { role }]) => roles.includes(role)).map(([method]) => method);

/** What each call came to; refused where the collector says one of `codes`. */
function judged(calls: readonly Call[], answers: readonly Called[], codes: ReadonlySet<string> = refusals): Attempt {
  return all(
    calls.map((call, at) => {
      const answer = answers[at];
      const got = answer?.ok ? `answered ${answer.text.slice(0, 60)}` : (answer?.code ?? "none");
      return { what: call.method, refused: answer !== undefined && !answer.ok && codes.has(answer.code), got };
    }),
  );
}

const asked = async (world: World, calls: readonly Call[], codes?: ReadonlySet<string>) =>
  judged(calls, await world.web.calls(calls), codes);

const noSession = new Set(["no-session"]);
const role = new Set(["role"]);

/** Cookie values that nobody has issued, made of what is there to be had. */
function forgedSessions(world: World): string[] {
  const [value = ""] = decodeURIComponent(world.viewer.session).split(".");
  const signed = (text: string, key: string | Buffer) =>
    encodeURIComponent(`${text}.${createHmac("sha256", key).update(text).digest("base64")}`);
  const fresh = randomBytes(24).toString("base64url").slice(0, 32);
  return [
    signed(fresh, world.web.token),
    signed(fresh, ""),
    signed(value, "taproot"),
    value,
    `${world.viewer.session}x`,
    world.admin.id,
    "__proto__",
    "' or 1=1 --",
    "undefined",
    `taproot_${"a".repeat(64)}`,
    "a".repeat(4096),
    "\u0000",
  ];
}

/** What the collector does for whoever has the socket and the token, but nobody's session. */
export const attacks: readonly Attack[] = [
  {
    id: "bus-without-token",
    finding: 3,
    wants: "to talk to the collector without having been started with it",
    seen: { log: /a peer was turned away/ },
    succeedsWith: "bus-takes-any-token",
    async attempt(world) {
      const answer = await world.web.call({ method: "auth.setupState", params: { token: "x" } }, "A".repeat(43));
      return answer.ok || refusals.has(answer.code)
        ? { harm: "the collector answers", refused: null }
        : { harm: null, refused: answer.code };
    },
  },
  {
    id: "bus-as-another-user",
    finding: 3,
    wants: "to talk to the collector from another account of the machine, with a token that leaked",
    seen: { nowhere: "the kernel refuses it, and tells nobody but the one who asked" },
    async attempt(world) {
      const other = world.web.as({ uid: 61_100, gid: 61_100, groups: [] });
      const answer = await other.call({ method: "auth.setupState", params: { token: "x" } });
      return answer.code === "EACCES"
        ? { harm: null, refused: answer.code }
        : { harm: `the socket opens: ${answer.code} ${answer.text}`, refused: null };
    },
  },
  {
    id: "bus-without-session",
    finding: 1,
    wants: "anything that the collector does, for nobody in particular: each method that asks for a role",
    seen: { log: /refused remedy\.undo: no-session/ },
    succeedsWith: "collector-believes-web",
    attempt: (world) =>
      asked(
        world,
        closed.map((method) => ({ method, params: {} })),
        noSession,
      ),
  },
  {
    id: "bus-forged-session",
    finding: 1,
    wants: "an admin's session, forged from what the web process has",
    seen: { log: /refused users\.list: no-session/ },
    succeedsWith: "collector-believes-web",
    attempt: (world) =>
      asked(
        world,
        forgedSessions(world).map((session) => ({ method: "users.list", session })),
        noSession,
      ),
  },
  {
    id: "bus-viewer-above-role",
    finding: 1,
    wants: "all that operators and admins may, with the session of a viewer who was passing",
    seen: { log: /refused host\.save: role/ },
    succeedsWith: "roles-not-asked",
    attempt: (world) =>
      asked(
        world,
        above(["operator", "admin"]).map((method) => ({ method, session: world.viewer.session, params: {} })),
        role,
      ),
  },
  {
    id: "bus-operator-above-role",
    finding: 1,
    wants: "all that admins may, with an operator's session",
    seen: { log: /refused users\.add: role/ },
    succeedsWith: "roles-not-asked",
    attempt: (world) =>
      asked(
        world,
        above(["admin"]).map((method) => ({ method, session: world.operator.session, params: {} })),
        role,
      ),
  },
  {
    id: "bus-prototype-method",
    finding: 1,
    wants: "a method that JavaScript has and the table has not",
    seen: { log: /refused __proto__: unknown-method/ },
    attempt: (world) =>
      asked(
        world,
        ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "then"].map((method) => ({
          method,
          session: world.admin.session,
        })),
        new Set(["unknown-method"]),
      ),
  },
  {
    id: "bus-undo-made-up",
    finding: 1,
    wants: "a command as root on a host, by the undo of a run that it made up",
    seen: { log: /refused remedy\.undo: not-found/ },
    async attempt(world) {
      const before = JSON.stringify(
        [...world.sim.host("kvm-01").machine.state.links.values()].map((one) => one.adminUp),
      );
      const runs = ["made-up", "../../etc/passwd", "__proto__", "' or '1'='1", '{"undoArgv":["sh","-c","id"]}'];
      const calls = runs.map((run) => ({ method: "remedy.undo", session: world.operator.session, params: { run } }));
      const attempt = await asked(world, calls, new Set(["not-found", "no-run", "bad-request", "conflict", "gone"]));
      const after = JSON.stringify(
        [...world.sim.host("kvm-01").machine.state.links.values()].map((one) => one.adminUp),
      );
      return before === after ? attempt : { harm: "the host was changed", refused: null };
    },
  },
  {
    id: "bus-plan-shell",
    finding: 1,
    wants: "a command of its own in a plan: as the choice, the finding or the host",
    seen: { log: /refused remedy\.plan: not-found/ },
    attempt: (world) => {
      const hostile = ["$(id)", "'; id; '", "`id`", "\n id", "../x", "__proto__", "-rf"];
      const session = world.operator.session;
      const calls = hostile.flatMap((word) => [
        { method: "remedy.plan", session, params: { host: "kvm-01", finding: word, choice: word } },
        { method: "remedy.plan", session, params: { host: word, finding: "x" } },
      ]);
      return world.web.calls(calls).then((answers) => {
        const planned = answers.filter((answer) => answer.ok);
        return planned.length > 0
          ? { harm: `planned: ${planned[0]?.text}`, refused: null }
          : { harm: null, refused: [...new Set(answers.map((answer) => answer.code))].join(", ") };
      });
    },
  },
  {
    id: "bus-incident-without-session",
    finding: 13,
    wants: "an incident that is for accounts only, without an account",
    seen: { log: /refused incident\.get: no-session/ },
    async attempt(world) {
      const made = await world.operator.must<{ id: string }>("/api/incidents", {
        method: "POST",
        body: { host: "kvm-01", note: "private" },
      });
      const calls = [made.id, "A".repeat(22)].map((id) => ({ method: "incident.get", params: { id } }));
      const answers = await world.web.calls(calls);
      if (answers[0]?.text !== answers[1]?.text)
        return { harm: `it tells one that is there from one that is not: ${answers[0]?.text}`, refused: null };
      return judged(calls, answers, noSession);
    },
  },
  {
    id: "bus-ends-others",
    finding: 9,
    wants: "other people's sessions and tokens, with a viewer's session",
    seen: { log: /refused tokens\.remove: not-found/ },
    async attempt(world) {
      const { sessions } = await world.admin.must<{ sessions: { id: string }[] }>("/api/auth/sessions");
      const id = sessions[0]?.id ?? "";
      const calls = ["auth.endSession", "tokens.remove"].map((method) => ({
        method,
        session: world.viewer.session,
        params: { id },
      }));
      return judged(calls, await world.web.calls(calls), new Set(["not-found"]));
    },
  },
  {
    id: "bus-second-setup",
    finding: 13,
    wants: "a second first admin",
    seen: { log: /refused auth\.setup: gone/ },
    attempt: (world) =>
      asked(
        world,
        [world.setupToken, "x"].map((token) => ({
          method: "auth.setup",
          params: {
            token,
            name: "Mallory",
            email: "mallory@example.org",
            password: "a long enough password",
            from: { address: "192.0.2.66", browser: "" },
          },
        })),
        new Set(["gone"]),
      ),
  },
  {
    id: "bus-guesses-with-made-up-addresses",
    finding: 11,
    wants: "a password, guessed from an address that it makes up anew each time",
    seen: { audit: /victim-of-guesses/ },
    succeedsWith: "no-login-limits",
    async attempt(world) {
      const calls = Array.from({ length: 14 }, (_, at) => ({
        method: "auth.login",
        params: {
          email: "victim-of-guesses@example.org",
          password: `guess number ${at}`,
          from: { address: `198.51.100.${at}`, browser: "" },
        },
      }));
      const answers = await world.web.calls(calls);
      const looked = answers.filter((answer) => answer.code !== "limited").length;
      return looked > 6
        ? { harm: `${looked} of ${calls.length} guesses were looked at`, refused: null }
        : { harm: null, refused: `limited after ${looked}` };
    },
  },
  {
    id: "bus-writes-into-log",
    finding: 13,
    wants: "lines of its own in the log and the audit log, by control characters in what it says of visitors",
    seen: { log: /refused auth\.login: bad-request/ },
    async attempt(world) {
      const address = '1.2.3.4\n{"event":"forged-by-web"}\u001b[31m\u202e';
      const before = world.product.log.length;
      await world.web.call({
        method: "auth.login",
        params: { email: "log-forger@example.org", password: "x", from: { address, browser: "\u001b]0;x\u0007" } },
      });
      await world.web.call({ method: "no.such\n\u001b[2Jforged-by-web", session: address });
      const said = world.product.log.slice(before);
      const forged = said.split("\n").some((line) => line.startsWith('{"event":"forged')) || said.includes("\u001b");
      return forged
        ? { harm: "the log holds a line or an escape code of its own", refused: null }
        : { harm: null, refused: "written as escapes, in one line" };
    },
  },
];
