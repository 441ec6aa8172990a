import { randomBytes } from "node:crypto";
import { defaultHours, type IncidentRow, NewIncident } from "@/lib/wire/rest";
import type { Incident } from "@/lib/wire/share";
import type { IncidentHead } from "@/server/store/repositories/incidents";
import { noteAudit } from "../audit-note";
import { HttpProblem } from "../http/problem";
import { markdownOf } from "../incidents/markdown";
import { masked } from "../incidents/masked";
import { type Ask, openRoute, param, type Route, route } from "../route";

const hour = 3_600_000;
const listed = 500;

/** Share links. Reading them needs neither the collector nor the host: all of an incident is in its row. */
export const incidentRoutes: readonly Route[] = [
  route("GET", "/api/incidents", "viewer", {}, async (ask) => {
    const heads = await ask.web.store.incidents.list(listed);
    return { body: { incidents: heads.map((head) => rowOf(head, ask.base)) } };
  }),
  route("POST", "/api/incidents", "operator", { body: NewIncident }, async (ask) => {
    const { host, selection, note, mask } = ask.body;
    const hours = ask.body.expiresInHours ?? defaultHours[ask.body.public ? "public" : "accounts"];
    const snapshot = await ask.web.collector.call("host.snapshot", { host }, ask.credential);
    const madeAt = Date.now();
    const head = {
      // 128 random bits: for a public incident the id is the key. It is stored as it is, since whoever reads the database reads the incident too.
      id: randomBytes(16).toString("base64url"),
      host,
      note,
      madeBy: ask.who.name,
      madeAt,
      expiresAt: madeAt + hours * hour,
      public: ask.body.public,
      tokenHash: null,
    };
    const body: Incident = {
      version: 1,
      takenAt: snapshot.at,
      madeBy: head.madeBy,
      note,
      ...(selection === undefined ? {} : { selection }),
      snapshot,
    };
    await ask.web.store.incidents.add(head, masked(body, mask));
    await noteAudit(ask, "incident shared", "done", { host, detail: head.public ? "public" : "for accounts" });
    return { status: 201, body: rowOf({ ...head, revokedAt: null }, ask.base) };
  }),
  route("DELETE", "/api/incidents/:id", "operator", {}, async (ask) => {
    const id = param(ask, "id");
    const found = await ask.web.store.incidents.get(id);
    if (!found) throw notFound();
    if (await ask.web.store.incidents.revoke(id, Date.now()))
      await noteAudit(ask, "incident revoked", "done", { host: found.head.host });
    return {};
  }),
  openRoute("GET", "/api/incidents/:id", {}, async (ask) => ({ body: (await open(ask)).body })),
  openRoute("GET", "/api/incidents/:id/markdown", {}, async (ask) => {
    const { head, body } = await open(ask);
    return {
      text: { type: "text/markdown; charset=utf-8", content: markdownOf(body, urlOf(head, ask.base)) },
      headers: { "Content-Disposition": 'inline; filename="incident.md"' },
    };
  }),
];

/** The incident, if this asker may see it now. A stranger learns of an incident that is not public no more than of one that is not there. */
async function open(ask: Ask): Promise<{ head: IncidentHead; body: Incident }> {
  const found = await ask.web.store.incidents.get(param(ask, "id"));
  if (!ask.who && !found?.head.public) throw new HttpProblem(401, "no-session", "Log in to open this incident.");
  if (!found) throw notFound();
  if (found.head.revokedAt !== null) throw new HttpProblem(410, "gone", "This incident link was revoked.");
  if (found.head.expiresAt <= Date.now() || !found.body)
    throw new HttpProblem(410, "gone", "This incident link has expired.");
  return { head: found.head, body: found.body };
}

const notFound = () => new HttpProblem(404, "not-found", "There is no such incident.");
const urlOf = (head: Pick<IncidentHead, "id">, base: string) => `${base}/share/${head.id}`;

function rowOf(head: IncidentHead, base: string): IncidentRow {
  const { id, host, note, madeBy, madeAt, expiresAt } = head;
  const row = { id, url: urlOf(head, base), host, note, madeBy, madeAt, expiresAt };
  return { ...row, public: head.public, revoked: head.revokedAt !== null };
}
