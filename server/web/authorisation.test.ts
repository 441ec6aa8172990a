import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "@/lib/wire/rest";
import type { RouteContract } from "@/lib/wire/routes/define";
import { routes } from "@/lib/wire/routes/registry";
import { clientEvents } from "@/lib/wire/socket";
import { changeUser } from "@/server/auth/accounts";
import { endAllCredentials } from "@/server/auth/end-all";
import { allows } from "@/server/auth/roles";
import { eventRoles } from "./live/attach";
import { codeOf, type Site, sampleSnapshot, startSite } from "./testing";

const roles: readonly Role[] = ["viewer", "operator", "admin"];
const root = join(import.meta.dirname, "../..");

let site: Site;
let people: Record<Role, Awaited<ReturnType<Site["person"]>>>;
beforeAll(async () => {
  site = await startSite();
  people = {
    viewer: await site.person("viewer"),
    operator: await site.person("operator"),
    admin: await site.person("admin"),
  };
  site.collector.answers.set("host.snapshot", () => sampleSnapshot());
});
afterAll(() => site.close());

const guarded = Object.values<RouteContract>(routes).filter((route) => route.role !== "open");
const address = (path: string) => path.replace(/:\w+/g, "nothing-there");
/** A body that no schema takes: whoever is let through gets 400 and changes nothing. */
const ask = (route: RouteContract, who: { cookie?: string; token?: string }) =>
  site.call(address(route.path), {
    method: route.method,
    ...(route.body ? { body: "[]" } : {}),
    ...who,
  });

describe("every route", () => {
  it.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s refuses strangers and too low a role, and lets the rest in",
    async (_name, route) => {
      expect((await ask(route, {})).status).toBe(401);
      expect((await ask(route, { cookie: "taproot_session=made.up" })).status).toBe(401);
      expect((await ask(route, { token: "taproot_madeupmadeupmadeupmadeup" })).status).toBe(401);
      for (const role of roles) {
        for (const proof of [{ cookie: people[role].cookie }, { token: people[role].token }]) {
          // Logging out for real would end the very session that the next routes are asked with.
          if (route.path === "/api/auth/logout" && "cookie" in proof) continue;
          const response = await ask(route, proof);
          const refused = response.status === 401 || (response.status === 403 && (await codeOf(response)) === "role");
          const ownSessionOnly = route.path === "/api/auth/password" && "token" in proof;
          if (!ownSessionOnly || response.status !== 403)
            expect(refused, `${role} ${response.status}`).toBe(!allows(role, needed(route)));
        }
      }
    },
  );

  it("refuses a session and a token at the first request after they were revoked", async () => {
    const gone = await site.person("admin", "gone");
    for (const route of guarded.filter((one) => one.method === "GET"))
      expect((await ask(route, gone)).status, route.path).not.toBe(401);
    await endAllCredentials(site.auth, gone.id);
    for (const route of guarded) {
      expect((await ask(route, { cookie: gone.cookie })).status, route.path).toBe(401);
      expect((await ask(route, { token: gone.token })).status, route.path).toBe(401);
    }
  });

  it("follows a role that was lowered and an account that was disabled, for sessions and tokens alike", async () => {
    const fallen = await site.person("admin", "fallen");
    await changeUser(site.auth, fallen.id, { role: "viewer" });
    for (const proof of [{ cookie: fallen.cookie }, { token: fallen.token }]) {
      expect((await site.call("/api/users", proof)).status).toBe(403);
      expect((await site.call("/api/me", proof)).status).toBe(200);
    }
    await changeUser(site.auth, fallen.id, { disabled: true });
    for (const proof of [{ cookie: fallen.cookie }, { token: fallen.token }])
      expect((await site.call("/api/me", proof)).status).toBe(401);
  });
});

const needed = ({ role }: RouteContract): Role => {
  if (role === "open") throw new Error("open");
  return role;
};

describe("every page", () => {
  const pages = pagesIn(join(root, "app"), "");
  const open = ["/login", "/setup"];

  it.each([...new Set([...pages, "/", "/hosts", "/hosts/lab", "/settings", "/audit", "/anything/else"])])(
    "%s needs a session unless it is one of the open ones",
    async (page) => {
      const path = page.replace(/\[\w+\]/g, "x");
      const response = await site.call(path);
      if (open.includes(path)) {
        expect(response.status).toBe(200);
        return;
      }
      expect(response.status).toBe(302);
      expect(response.headers.get("location")).toBe(
        path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`,
      );
      expect((await site.call(path, { cookie: people.viewer.cookie })).status).toBe(200);
    },
  );
});

describe("every socket event", () => {
  it("has its least role", () => {
    expect(Object.keys(eventRoles).sort()).toEqual(Object.keys(clientEvents).sort());
  });
});

/** Addresses of the pages that Next would draw from this folder. */
function pagesIn(folder: string, path: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      const segment = /^\(.*\)$/.test(entry.name) ? "" : `/${entry.name}`;
      return pagesIn(join(folder, entry.name), path + segment);
    }
    return entry.name === "page.tsx" ? [path || "/"] : [];
  });
}
