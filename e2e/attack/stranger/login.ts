import { type Attack, type Attempt, all } from "../define";
import { type Answered, codeOf } from "../http";
import { password, send } from "../people";
import type { World } from "../world";

const guess = (world: World, email: string, from: string, tried = "a wrong passphrase") =>
  send(world.port, "/api/auth/login", null, { method: "POST", body: { email, password: tried }, from });

/** How many of so many answers came from a look at the password. */
function looked(answers: readonly Answered[], bearable: number): Attempt {
  const count = answers.filter((answer) => answer.status !== 429).length;
  return count > bearable
    ? { harm: `${count} of ${answers.length} guesses were looked at`, refused: null }
    : { harm: null, refused: `429 limited after ${count} of ${answers.length}` };
}

/** All cookies that a browser keeps of an answer, but the session: a known device. */
const deviceOf = (answer: Answered): string | null =>
  (answer.headers["set-cookie"] ?? [])
    .map((line) => line.split(";")[0] ?? "")
    .filter((pair) => !/taproot_session=/.test(pair))
    .join("; ") || null;

/** At the door: guessing, and keeping others out. */
export const attacks: readonly Attack[] = [
  {
    id: "guess-one-account",
    finding: 11,
    wants: "one person's password, guessed from one address after another",
    seen: { audit: /guessed-at@example\.org/ },
    succeedsWith: "no-login-limits",
    async attempt(world) {
      const answers = [];
      for (let at = 0; at < 12; at++)
        answers.push(await guess(world, "guessed-at@example.org", `198.51.100.${at + 1}`));
      return looked(answers, 6);
    },
  },
  {
    id: "guess-from-one-prefix",
    finding: 11,
    wants: "many people's passwords, guessed from the countless addresses of one IPv6 prefix (/64)",
    seen: { audit: /someone-1@example\.org/ },
    succeedsWith: "no-login-limits",
    async attempt(world) {
      const answers = [];
      for (let at = 0; at < 30; at++)
        answers.push(await guess(world, `someone-${at}@example.org`, `2001:db8:1:2::${(at * 977 + 1).toString(16)}`));
      return looked(answers, 21);
    },
  },
  {
    id: "lock-owner-out",
    finding: 11,
    wants: "the owner kept out of the house: guesses at the account until its own password is refused",
    seen: { audit: /refused/ },
    async attempt(world) {
      const owner = await world.person("operator");
      const opened = await send(world.port, "/api/auth/login", null, {
        method: "POST",
        body: { email: owner.email, password },
        from: "203.0.113.7",
      });
      for (let at = 0; at < 10; at++) await guess(world, owner.email, `198.51.100.${at + 100}`);
      // The owner is on the way: another address, the same browser.
      const again = await send(world.port, "/api/auth/login", deviceOf(opened), {
        method: "POST",
        body: { email: owner.email, password },
        from: "203.0.113.99",
      });
      return again.status === 200
        ? { harm: null, refused: "the owner's own browser is let in" }
        : { harm: `the owner is refused: ${codeOf(again)}`, refused: null };
    },
  },
  {
    id: "tell-accounts-apart",
    finding: 11,
    wants: "to learn who has an account here, by what a wrong password is answered",
    seen: { audit: /refused/ },
    async attempt(world) {
      const person = await world.person("viewer");
      const there = await guess(world, person.email, "203.0.113.20");
      const none = await guess(world, "nobody-of-that-name@example.org", "203.0.113.21");
      return there.status === none.status && there.text === none.text
        ? { harm: null, refused: `${codeOf(there)} for both` }
        : { harm: `${there.text} and ${none.text}`, refused: null };
    },
  },
  {
    id: "reuse-setup-link",
    finding: 13,
    wants: "to be the first admin by the link of the console, after it was used",
    seen: { log: /refused POST \/api\/auth\/setup: 410/ },
    async attempt(world) {
      const body = { name: "Mallory", email: "mallory@example.org", password: "a long enough password" };
      const tried = [];
      for (const token of [world.setupToken, "", "x".repeat(43)]) {
        const answer = await send(world.port, "/api/auth/setup", null, { method: "POST", body: { ...body, token } });
        tried.push({ what: token, refused: answer.status === 410 || answer.status === 400, got: codeOf(answer) });
      }
      return all(tried);
    },
  },
  {
    id: "forged-cookie",
    finding: 1,
    wants: "somebody's session, by a cookie that nobody has issued",
    seen: { log: /refused GET \/api\/me: 401/ },
    succeedsWith: "collector-believes-web",
    async attempt(world) {
      const name = world.viewer.cookie.split("=")[0] ?? "";
      const [value = ""] = decodeURIComponent(world.viewer.session).split(".");
      const made = [
        value,
        `${value}.${"A".repeat(43)}=`,
        world.admin.id,
        "",
        "..",
        `${world.viewer.session}A`,
        "a".repeat(6_000),
      ];
      const tried = [];
      for (const cookie of made) {
        const answer = await send(world.port, "/api/me", `${name}=${cookie}`);
        tried.push({ what: cookie.slice(0, 20), refused: answer.status === 401, got: codeOf(answer) });
      }
      return all(tried);
    },
  },
  {
    id: "listens-on-the-wire",
    finding: 10,
    wants: "passwords and keys in the clear: the product started for everybody by plain http, without a word",
    seen: { nowhere: "it does not start, and says why to whoever starts it" },
    async attempt(world) {
      const said = await world.startsInTheClear();
      return said.started
        ? { harm: `it starts: ${said.text.slice(0, 120)}`, refused: null }
        : { harm: null, refused: said.text.slice(0, 160) };
    },
  },
];
