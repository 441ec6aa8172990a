import type { RouteContract } from "@/lib/wire/routes/define";
import { routes } from "@/lib/wire/routes/registry";
import { type Attack, type Attempt, all } from "../define";
import { codeOf } from "../http";
import { Person, send, site } from "../people";
import type { World } from "../world";

const changing = Object.values<RouteContract>(routes).filter((route) => route.method !== "GET");
const address = (path: string) => path.replace(/:\w+/g, "nothing-there");

/** What a page of another site can make a person's browser send. */
const foreign: Readonly<Record<string, string | undefined>> = {
  foreign: "https://evil.example",
  null: "null",
  none: undefined,
  "other scheme": `http://${site}`,
  "other port": `https://${site}:8443`,
  "own name before another": `https://${site}.evil.example`,
  userinfo: `https://${site}@evil.example`,
  "two at once": `https://${site}, https://evil.example`,
};

async function crossSite(world: World): Promise<Attempt> {
  const tried = [];
  // One of his own: where the attempt succeeds it logs him out, among other things.
  const admin = await world.person("admin");
  for (const route of changing)
    for (const [what, origin] of Object.entries(foreign)) {
      const answer = await admin.send(address(route.path), {
        method: route.method,
        body: [],
        headers: { Origin: origin },
      });
      tried.push({
        what: `${route.method} ${route.path}, Origin ${what}`,
        refused: answer.status === 403 && answer.text.includes('"origin"'),
        got: codeOf(answer),
      });
    }
  return all(tried);
}

/** Opens a socket as a page would. */
const socket = (world: World, headers: Record<string, string | undefined>, cookie: string | null) =>
  send(world.port, "/socket.io/?EIO=4&transport=websocket", cookie, {
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    },
    timeoutMs: 5_000,
  });

/** By a page that a person visits, with that person's cookie. */
export const attacks: readonly Attack[] = [
  {
    id: "cross-site-request",
    finding: 13,
    wants:
      "a change in an admin's name, sent by a page that the admin visits: each route that changes something, with each wrong Origin",
    seen: { log: /refused POST \/api\/hosts: 403 origin/ },
    succeedsWith: "origin-not-asked",
    attempt: crossSite,
  },
  {
    id: "cross-site-form",
    finding: 13,
    wants: "a change by a form's content types, which a browser sends without asking first",
    seen: { log: /refused POST \/api\/users: 415/ },
    async attempt(world) {
      const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""];
      const tried = [];
      for (const type of types) {
        const answer = await world.admin.send("/api/users", {
          method: "POST",
          body: { name: "x", email: "form@example.org", password: "a long enough password", role: "admin" },
          headers: { "Content-Type": type === "" ? undefined : type },
        });
        tried.push({ what: type, refused: answer.status === 415, got: codeOf(answer) });
      }
      return all(tried);
    },
  },
  {
    id: "rebound-name",
    finding: 13,
    wants: "to be the same site, by a name of its own that it gives this machine's address (DNS rebinding)",
    seen: { log: /refused (GET|POST) .*: (400|403|421)/ },
    async attempt(world) {
      const tried = [];
      for (const name of ["evil.example", `${site}.evil.example`, "127.0.0.1.evil.example", "evil.example:443"])
        for (const path of ["/login", "/api/auth/setup", "/api/me"]) {
          const headers = { Host: name, Origin: `https://${name}` };
          const answer = await send(world.port, path, null, { headers });
          tried.push({
            what: `${path} as ${name}`,
            refused: answer.status === 400 || answer.status === 403 || answer.status === 421,
            got: codeOf(answer),
          });
        }
      return all(tried);
    },
  },
  {
    id: "foreign-socket",
    finding: 13,
    wants: "the live picture, by a socket that a foreign page opens with the visitor's cookie",
    seen: { log: /refused a socket: origin/ },
    succeedsWith: "origin-not-asked",
    async attempt(world) {
      const tried = [];
      for (const [what, origin] of Object.entries(foreign)) {
        if (what === "none") continue; // No browser opens one without.
        const answer = await socket(world, { Origin: origin }, world.admin.cookie);
        tried.push({
          what: `Origin ${what}`,
          refused: answer.status !== 101 && answer.status !== 0,
          got: codeOf(answer),
        });
      }
      const own = await socket(world, { Origin: `https://${site}` }, world.admin.cookie);
      if (own.status !== 101) throw new Error(`not even the site's own page gets a socket: ${codeOf(own)}`);
      return all(tried);
    },
  },
  {
    id: "planted-cookie",
    finding: 13,
    wants:
      "a person to work in its own session, planted by a sibling subdomain that may set cookies for the whole domain",
    seen: { nowhere: "a cookie of another name is not looked at" },
    async attempt(world) {
      const planted = await Person.login(world.port, world.viewer.email);
      const answer = await send(world.port, "/api/me", `taproot_session=${planted.session}`);
      return answer.status === 401
        ? { harm: null, refused: codeOf(answer) }
        : { harm: `its session is taken: ${answer.status}`, refused: null };
    },
  },
  {
    id: "open-redirect",
    finding: 13,
    wants: "a person who has logged in, led to a site that looks the same",
    seen: { nowhere: "an address that leads elsewhere is left out, which is no event" },
    async attempt(world) {
      const nexts = [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/..//evil.example",
        "%2f%2fevil.example",
      ];
      const tried = [];
      for (const next of nexts) {
        const path = `/login?next=${encodeURIComponent(next)}`;
        const answer = await send(world.port, path, null);
        const to = answer.headers.location ?? "";
        tried.push({
          what: next,
          refused:
            answer.status === 302 ? to === "/login" : answer.status === 200 && !answer.text.includes(`href="${next}`),
          got: `${answer.status} ${to}`.trim(),
        });
      }
      for (const path of ["//evil.example/x", "/\\evil.example", "/.//evil.example"]) {
        const answer = await send(world.port, path, null);
        const to = answer.headers.location ?? "";
        tried.push({
          what: path,
          refused: !/^(\/\/|\/\\|https?:)/.test(decodeURIComponent(to)),
          got: `${answer.status} ${to.slice(0, 30)}`,
        });
      }
      return all(tried);
    },
  },
];
