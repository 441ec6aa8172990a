import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Incident } from "@/lib/wire/share";
import { sweepBodies } from "@/server/collector/sweep-bodies";
import { codeOf, type Site, sampleSnapshot, startSite } from "./testing";

let site: Site;
let operator: Awaited<ReturnType<Site["person"]>>;
beforeEach(async () => {
  site = await startSite();
  operator = await site.person("operator", "Ola");
  site.collector.answers.set("host.snapshot", () => sampleSnapshot());
});
afterEach(() => site.close());

const share = async (more: object = {}) => {
  const body = { host: "lab", selection: "lab/nic/eth0", note: "ticket 7", ...more };
  const response = await site.call("/api/incidents", { method: "POST", cookie: operator.cookie, body });
  expect(response.status).toBe(201);
  return response.json();
};
const expire = (id: string) =>
  site.store.db
    .updateTable("incident")
    .set({ expires_at: Date.now() - 1 })
    .where("id", "=", id)
    .execute();

describe("an incident", () => {
  it("keeps what was seen, though the host looks otherwise now or is gone", async () => {
    const row = await share();
    expect(row).toMatchObject({ host: "lab", madeBy: "Ola", public: false, revoked: false });
    expect(row.url).toBe(`${site.url}/share/${row.id}`);
    expect(row.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    site.collector.answers.set("host.snapshot", () => undefined);
    const response = await site.call(`/api/incidents/${row.id}`, { cookie: operator.cookie });
    expect(response.status).toBe(200);
    const incident = Incident.parse(await response.json());
    expect(incident.snapshot).toEqual(sampleSnapshot());
    expect(incident).toMatchObject({ note: "ticket 7", selection: "lab/nic/eth0", madeBy: "Ola" });
  });

  it("is frozen by the collector, from what it sees itself, and not at all of a host that is not there", async () => {
    await share();
    const post = (body: object) => site.call("/api/incidents", { method: "POST", cookie: operator.cookie, body });
    site.collector.answers.set("host.snapshot", () => undefined);
    const none = await post({ host: "gone", snapshot: sampleSnapshot("gone") });
    expect([none.status, await codeOf(none)]).toEqual([404, "not-found"]);
    site.collector.setUp(false);
    expect((await post({ host: "lab" })).status).toBe(503);
    expect((await site.store.incidents.list(10)).length).toBe(1);
  });

  it("says that the collector is down, where it is, in place of what it cannot know", async () => {
    const row = await share({ public: true });
    site.collector.setUp(false);
    const response = await site.call(`/api/incidents/${row.id}`);
    expect([response.status, await codeOf(response)]).toEqual([503, "collector-down"]);
  });

  it("opens for strangers only when its maker said so, page and all", async () => {
    const closed = await share();
    const open = await share({ public: true });
    expect((await site.call(`/api/incidents/${closed.id}`)).status).toBe(401);
    expect((await site.call("/api/incidents/there-is-no-such-one")).status).toBe(401);
    expect((await site.call(`/api/incidents/${closed.id}/markdown`)).status).toBe(401);
    expect((await site.call(`/api/incidents/${open.id}`)).status).toBe(200);
    expect((await site.call(`/api/incidents/${open.id}/markdown`)).status).toBe(200);
    expect((await site.call(`/share/${open.id}`)).status).toBe(200);
    expect((await site.call(`/share/${closed.id}`)).headers.get("location")).toBe(
      `/login?next=%2Fshare%2F${closed.id}`,
    );
    expect((await site.call("/api/incidents")).status).toBe(401);
  });

  it("ends when it expires and when it is revoked, for everybody", async () => {
    const expired = await share({ public: true });
    const revoked = await share({ public: true });
    await expire(expired.id);
    const path = `/api/incidents/${revoked.id}`;
    expect((await site.call(path, { method: "DELETE", cookie: operator.cookie })).status).toBe(200);
    expect((await site.call(path, { method: "DELETE", cookie: operator.cookie })).status).toBe(200);
    for (const id of [expired.id, revoked.id]) {
      for (const who of [{}, { cookie: operator.cookie }]) {
        const response = await site.call(`/api/incidents/${id}`, who);
        expect([response.status, await codeOf(response)]).toEqual([410, "gone"]);
        expect((await site.call(`/api/incidents/${id}/markdown`, who)).status).toBe(410);
      }
    }
    const { incidents } = await (await site.call("/api/incidents", { cookie: operator.cookie })).json();
    expect(incidents.map((one: { revoked: boolean }) => one.revoked).sort()).toEqual([false, true]);
    const rows = await site.store.audit.list(10);
    expect(rows.map((row) => row.what)).toEqual(["incident revoked", "incident shared", "incident shared"]);
  });

  it("is kept masked where its maker wished so, and what was masked is nowhere to be had", async () => {
    const row = await share({ public: true, mask: { names: true, addresses: true } });
    const stored = await site.store.db.selectFrom("incident").select("body").where("id", "=", row.id).execute();
    const answers = await Promise.all(
      ["", "/markdown"].map(async (path) => (await site.call(`/api/incidents/${row.id}${path}`)).text()),
    );
    for (const text of [stored[0]?.body ?? "", ...answers]) {
      for (const secret of ["web-07", "192.0.2.1", "Ola"]) expect(text).not.toContain(secret);
      expect(text).toContain("vm-1");
    }
    expect(Incident.parse(JSON.parse(answers[0] ?? "")).masked).toEqual({ macs: false, addresses: true, names: true });
  });

  it("ends after a week where it opens for everybody, and after a month where it does not", async () => {
    const days = async (more: object) => {
      const { madeAt, expiresAt } = await share(more);
      return (expiresAt - madeAt) / 86_400_000;
    };
    expect([await days({ public: true }), await days({}), await days({ public: true, expiresInHours: 24 })]).toEqual([
      7, 30, 1,
    ]);
  });

  it("leaves no body behind when it has ended, and still says how it ended", async () => {
    const [expired, revoked, open] = [await share({ public: true }), await share({ public: true }), await share()];
    await expire(expired.id);
    await site.call(`/api/incidents/${revoked.id}`, { method: "DELETE", cookie: operator.cookie });
    const stop = sweepBodies(site.store.incidents, (event) => site.logged.push(event));
    stop();
    const bodies = async () =>
      (await site.store.db.selectFrom("incident").select(["id", "body"]).execute()).filter((one) => one.body !== "");
    await expect.poll(async () => (await bodies()).map((one) => one.id)).toEqual([open.id]);
    const says = async (id: string) => (await (await site.call(`/api/incidents/${id}`)).json()).error.message;
    expect(await says(expired.id)).toBe("This incident link has expired.");
    expect(await says(revoked.id)).toBe("This incident link was revoked.");
  });

  it("is refused with too long a note, no host, or a life without end", async () => {
    for (const more of [{ note: "x".repeat(4001) }, { host: 7 }, { expiresInHours: 1e9 }, { expiresInHours: -1 }]) {
      const body = { host: "lab", ...more };
      const response = await site.call("/api/incidents", { method: "POST", cookie: operator.cookie, body });
      expect(response.status).toBe(400);
    }
    expect(await site.store.incidents.list(10)).toEqual([]);
  });

  it("copies as Markdown for a ticket", async () => {
    const row = await share();
    const response = await site.call(`/api/incidents/${row.id}/markdown`, { cookie: operator.cookie });
    expect(response.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
    const text = await response.text();
    expect(text).toContain("# lab: 1 failing");
    expect(text).toContain(`<${site.url}/share/${row.id}>`);
    expect(text).toContain(
      "| fail | `nic-no-carrier` | `lab/nic/eth0` | eth0 has no carrier | 2023-11-14 22:13:20 UTC | `web-07` |",
    );
    expect(text).toContain("```sh\nip -j -d link show\n```\n\n```text\nNO-CARRIER\n```");
    expect(text).toContain("> ticket 7");
  });
});
