import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SettingList } from "@/lib/wire/settings";
import { codeOf, type Site, startSite } from "./testing";

const list: SettingList = {
  settings: [
    {
      check: "nic-flapping",
      name: "losses",
      unit: "times",
      min: 1,
      max: 1000,
      fraction: false,
      default: 4,
      value: 9,
    },
  ],
  ignored: [],
};
const change = { check: "nic-flapping", name: "losses", value: 9 };

let site: Site;
let people: Record<"viewer" | "operator" | "admin", Awaited<ReturnType<Site["person"]>>>;
beforeAll(async () => {
  site = await startSite();
  people = {
    viewer: await site.person("viewer"),
    operator: await site.person("operator"),
    admin: await site.person("admin"),
  };
  for (const method of ["settings.list", "settings.put", "settings.reset"] as const)
    site.collector.answers.set(method, () => list);
});
beforeEach(() => {
  site.collector.calls.length = 0;
});
afterAll(() => site.close());

describe("thresholds", () => {
  it("are shown to everybody who may log in", async () => {
    expect((await site.call("/api/settings")).status).toBe(401);
    for (const role of ["viewer", "operator", "admin"] as const) {
      const answer = await site.call("/api/settings", { cookie: people[role].cookie });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual(list);
    }
  });

  it("are changed by nobody but an admin: the others' wish does not even reach the collector", async () => {
    for (const role of ["viewer", "operator"] as const)
      for (const proof of [{ cookie: people[role].cookie }, { token: people[role].token }])
        for (const [path, method, body] of [
          ["/api/settings", "PATCH", change],
          ["/api/settings", "DELETE", undefined],
          ["/api/settings/nic-flapping/losses", "DELETE", undefined],
        ] as const) {
          const answer = await site.call(path, { method, body, ...proof });
          expect([answer.status, await codeOf(answer)]).toEqual([403, "role"]);
        }
    expect(site.collector.calls).toEqual([]);
  });

  it("go to the collector with the credential of the admin who changes them", async () => {
    const { cookie, credential } = people.admin;
    for (const [path, method, body] of [
      ["/api/settings", "PATCH", change],
      ["/api/settings/nic-flapping/losses", "DELETE", undefined],
      ["/api/settings", "DELETE", undefined],
    ] as const) {
      const answer = await site.call(path, { method, body, cookie });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual(list);
    }
    expect(site.collector.calls).toEqual([
      { method: "settings.put", params: change, credential },
      { method: "settings.reset", params: { check: "nic-flapping", name: "losses" }, credential },
      { method: "settings.reset", params: {}, credential },
    ]);
  });

  it("out of range are refused with the range", async () => {
    const { cookie } = people.admin;
    for (const [body, says] of [
      [{ ...change, value: 1001 }, "from 1 to 1000 times was expected, not 1001"],
      [{ ...change, value: 2.5 }, "a whole number from 1 to 1000"],
      [{ ...change, value: "9" }, "value"],
      [{ ...change, name: "toString" }, "has no threshold"],
    ] as const) {
      const answer = await site.call("/api/settings", { method: "PATCH", body, cookie });
      expect(answer.status).toBe(400);
      expect(JSON.stringify(await answer.json())).toContain(says);
    }
    expect(site.collector.calls).toEqual([]);
  });

  it("cannot be changed from a page of another site", async () => {
    const answer = await site.call("/api/settings", {
      method: "DELETE",
      cookie: people.admin.cookie,
      origin: "https://evil.example",
    });
    expect([answer.status, await codeOf(answer)]).toEqual([403, "origin"]);
    expect(site.collector.calls).toEqual([]);
  });
});
