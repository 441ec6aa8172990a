import { existsSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020";
import formats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BusMethod } from "@/lib/wire/bus";
import { openApi } from "@/lib/wire/openapi";
import { addressOf, defaultLimitMs, isText, type RouteContract } from "@/lib/wire/routes/define";
import { routes } from "@/lib/wire/routes/registry";
import { offerSetup } from "@/server/auth/setup";
import { handlers } from "./routes/registry";
import { type Call, type Site, sampleCard, sampleSnapshot, startSite, testPassword } from "./testing";

const contracts = Object.entries<RouteContract>(routes);
const document = openApi(routes);
const asSent = (value: object) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

describe("the registry of routes", () => {
  it("has a handler for each contract, and no other", () => {
    expect(Object.keys(handlers)).toEqual(Object.keys(routes));
    for (const [id, { route }] of Object.entries(handlers)) expect(route, id).toBe(routes[id as keyof typeof routes]);
  });

  it("has no two routes of one method and address", () => {
    const asked = contracts.map(([, { method, path }]) => `${method} ${path.replace(/:\w+/g, ":")}`);
    expect(new Set(asked).size).toBe(asked.length);
  });
});

describe("the OpenAPI document", () => {
  it("is one, by a validator that is not ours", async () => {
    const validator = new Validator();
    const judged = await validator.validate(asSent(document));
    expect(JSON.stringify(judged.errors ?? []).slice(0, 2000)).toBe("[]");
    expect([judged.valid, validator.version]).toEqual([true, "3.1"]);
    const broken = await new Validator().validate(asSent({ ...document, paths: { "/x": { get: 1 } } }));
    expect(broken.valid).toBe(false);
  });

  it("holds every route that the server serves, and refers to nothing that is not in it", () => {
    const written = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = Object.values(handlers).map(
      ({ route }) => `${route.method} ${route.path.replace(/:(\w+)/g, "{$1}")}`,
    );
    expect(written.sort()).toEqual(served.sort());
    const { schemas } = document.components as unknown as { schemas: Record<string, unknown> };
    for (const [, name = ""] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g))
      expect(Object.keys(schemas)).toContain(name.replace("#/components/schemas/", ""));
  });

  it("says what a body may leave out, and lets an answer grow", () => {
    const { schemas } = document.components as unknown as {
      schemas: Record<string, { required: string[]; additionalProperties?: unknown }>;
    };
    expect(schemas.HostSpecInput?.required).not.toContain("port");
    expect(schemas.HostSnapshot?.required).toContain("probes");
    expect(schemas.HostSnapshot).not.toHaveProperty("additionalProperties");
  });
});

/** What the table of a test's collector says, where the real one is not behind it. */
const answers: Partial<Record<BusMethod, () => unknown>> = {
  "fleet.cards": () => ({ cards: [sampleCard("lab")], epoch: "e" }),
  "host.snapshot": () => sampleSnapshot(),
  "host.test": () => ({ kind: "found", hostname: "lab", os: "Debian", root: true, counts: { vm: 2 }, unread: [] }),
  "capture.open": () => ({ id: "then" }),
  "keys.import": () => ({ taken: 1, refused: [{ line: 2, reason: "no key" }] }),
  "problem.history": () => ({ problems: [past] }),
  "remedy.plan": () => plan,
  "settings.list": () => settings,
  "settings.put": () => settings,
  "settings.reset": () => settings,
};
const words = { en: "x", zh: "x" };
const plan = {
  run: "r1",
  remedy: "set-up",
  remedies: ["set-up"],
  host: "lab",
  finding: "f",
  options: [
    {
      kind: "plan",
      choice: { id: "a", label: words },
      steps: [{ says: words, do: "ip link", undo: "ip link" }],
      touches: [],
      affects: [],
      blinks: words,
      risk: "low",
      management: "clear",
      windowMs: 1,
      windowBecause: words,
      script: "true",
    },
    { kind: "refused", because: words },
  ],
};
const past = {
  id: 1,
  host: "lab",
  key: "c@s",
  check: "c",
  subject: "s",
  status: "fail",
  message: "x",
  tail: [{ key: "d@s", cause: "c@s" }],
  impacts: ["lab/vm/a"],
  since: 1,
  last: 2,
  flaps: 1,
  closedAt: null,
};
const setting = { check: "nic-flapping", name: "losses", unit: "times", min: 1, max: 9, fraction: false, default: 4 };
const settings = { settings: [{ ...setting, value: 9 }], ignored: [{ key: "x", because: "y" }] };
const key = { address: "192.0.2.1", port: 22, keyType: "ssh-ed25519", fingerprint: "SHA256:x" };
const host = { id: "lab", address: "192.0.2.1", user: "root", login: { kind: "agent" } };

/** What is asked of each route. A route that is not here has a test of its own beside its handler. */
type Sample = Pick<Call, "body"> & { readonly params?: Readonly<Record<string, string>>; readonly query?: object };
const samples: Partial<Record<keyof typeof routes, Sample>> = {
  health: {},
  me: {},
  openapi: {},
  "list-hosts": {},
  "add-host": { body: host },
  "test-host": { body: host },
  "approve-key": { body: { question: key } },
  "retry-host": { params: { id: "lab" } },
  "host-problems": { params: { id: "lab" } },
  "host-snapshot": { params: { id: "lab" } },
  "open-capture": { body: { file: "kvm1.json.gz", content: "H4sI" } },
  "import-keys": { body: { knownHosts: "x" } },
  "remove-host": { params: { id: "lab" } },
  "start-demo": { body: { hosts: 1 } },
  "stop-demo": {},
  "list-settings": {},
  "change-setting": { body: { check: "nic-flapping", name: "losses", value: 9 } },
  "reset-setting": { params: { check: "nic-flapping", name: "losses" } },
  "reset-settings": {},
  "plan-remedy": { body: { host: "lab", finding: "f" } },
  "apply-remedy": { params: { run: "r1" }, body: {} },
  "undo-remedy": { params: { run: "r1" } },
  "list-sessions": {},
  "setup-state": { query: { token: "x" } },
  "list-audit": { query: { limit: 10 } },
  "export-audit": {},
  "get-retention": {},
  "change-retention": { body: { runDays: 40 } },
  "list-users": {},
  "list-tokens": {},
  "list-all-tokens": {},
};

describe("what the server answers", () => {
  let site: Site;
  let admin: Awaited<ReturnType<Site["person"]>>;
  const answered = new Set<string>();
  beforeAll(async () => {
    site = await startSite();
    for (const [method, answer] of Object.entries(answers)) site.collector.answers.set(method as BusMethod, answer);
    // Before there is anybody: the first admin is made by the link.
    const token = (await offerSetup(site.auth)) ?? "";
    await ask("set-up", { body: { token, name: "Ann", email: "ann@example.org", password: testPassword } });
    admin = await site.person("admin");
    // Hashes that are made to be slow, on a machine that may be busy.
  }, 60_000);
  afterAll(() => site.close());

  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document as object, "document");
  const place = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");

  /** Asks a route, and holds what it answers against the document as well (`site.call` does so against the contract). */
  async function ask<T>(
    id: keyof typeof routes,
    { body, ...sample }: Sample = {},
    who?: Pick<Call, "cookie">,
  ): Promise<T> {
    const route: RouteContract = routes[id];
    const cookie = (who ?? admin)?.cookie;
    const address = addressOf(route, sample);
    const sent = { method: route.method, ...(cookie ? { cookie } : {}), ...(body === undefined ? {} : { body }) };
    const answer = await site.call(address, sent);
    expect(answer.status, `${id}: ${await answer.clone().text()}`).toBe(route.status ?? 200);
    answered.add(id);
    if (isText(route.result)) return (await answer.text()) as T;
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    const parts = ["paths", path, route.method.toLowerCase(), "responses", String(answer.status), "content"];
    const judge = ajv.compile({
      $ref: `document#/${[...parts, "application/json", "schema"].map(place).map(encodeURIComponent).join("/")}`,
    });
    const value: unknown = await answer.json();
    expect(judge(value), `${id}: ${JSON.stringify(judge.errors)}`).toBe(true);
    return value as T;
  }

  it.each(Object.entries(samples))("is what the document says: %s", async (id, sample) => {
    await ask(id as keyof typeof routes, sample);
  });

  it("is what the document says of incidents", async () => {
    const { id } = await ask<{ id: string }>("add-incident", { body: { host: "lab" } });
    await ask("list-incidents");
    await ask("get-incident", { params: { id } });
    await ask("incident-markdown", { params: { id } });
    await ask("revoke-incident", { params: { id } });
  });

  it("is what the document says of accounts", async () => {
    const body = { name: "Vic", email: "vic@example.org", password: testPassword, role: "viewer" };
    const { id } = await ask<{ id: string }>("add-user", { body });
    await ask("change-user", { params: { id }, body: { name: "Vicky" } });
    const made = await ask<{ row: { id: string } }>("add-token", { body: { name: "cron", role: "viewer" } });
    await ask("remove-token", { params: { id: made.row.id } });
    const other = await ask<{ row: { id: string } }>("add-token", { body: { name: "cron", role: "viewer" } });
    await ask("revoke-token", { params: { id: other.row.id } });
    await ask("end-user-sessions", { params: { id } });
    await ask("remove-user", { params: { id } });
  });

  it("is what the document says of log-in and sessions", async () => {
    const ola = await site.person("operator", "ola");
    await ask("log-in", { body: { email: ola.email, password: testPassword } });
    const { sessions } = await ask<{ sessions: { id: string; current: boolean }[] }>("list-sessions", {}, ola);
    const id = sessions.find((one) => !one.current)?.id ?? "";
    await ask("end-session", { params: { id } }, ola);
    await ask("change-password", { body: { current: testPassword, next: `${testPassword}!` } }, ola);
    await ask("log-out", {}, ola);
  });

  it("was asked of every route, here or beside its handler", () => {
    const beside = (id: string) => existsSync(join(import.meta.dirname, "routes", `${id}.test.ts`));
    expect(contracts.map(([id]) => id).filter((id) => !answered.has(id) && !beside(id))).toEqual([]);
  });

  it("comes from a collector that is given the time of the contract", () => {
    expect(site.collector.limits.get("host.test")).toBe(120_000);
    expect(site.collector.limits.get("fleet.cards")).toBe(defaultLimitMs);
  });
});

describe("a site's /api/openapi.json", () => {
  it("is the document, for whoever has logged in", async () => {
    const site = await startSite();
    const viewer = await site.person("viewer");
    expect((await site.call("/api/openapi.json")).status).toBe(401);
    const answer = await site.call("/api/openapi.json", { token: viewer.token });
    expect(await answer.json()).toEqual(document);
    await site.close();
  });
});
