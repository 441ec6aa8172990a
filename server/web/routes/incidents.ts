import type { IncidentHead } from "@/lib/wire/bus";
import { type IncidentRow, NewIncident } from "@/lib/wire/rest";
import { markdownOf } from "../incidents/markdown";
import { type Ask, openRoute, param, type Route, route } from "../route";

/** Share links. The collector freezes them, keeps them and decides who may see them; here they get their address and their form. */
export const incidentRoutes: readonly Route[] = [
  route("GET", "/api/incidents", "viewer", {}, async (ask) => {
    const { incidents } = await ask.web.collector.call("incident.list", {}, ask.credential);
    return { body: { incidents: incidents.map((head) => rowOf(head, ask.base)) } };
  }),
  route("POST", "/api/incidents", "operator", { body: NewIncident }, async (ask) => {
    const head = await ask.web.collector.call("incident.add", ask.body, ask.credential);
    return { status: 201, body: rowOf(head, ask.base) };
  }),
  route("DELETE", "/api/incidents/:id", "operator", {}, async (ask) => {
    await ask.web.collector.call("incident.revoke", { id: param(ask, "id") }, ask.credential);
    return {};
  }),
  openRoute("GET", "/api/incidents/:id", {}, async (ask) => ({ body: (await found(ask)).body })),
  openRoute("GET", "/api/incidents/:id/markdown", {}, async (ask) => {
    const { head, body } = await found(ask);
    return {
      text: { type: "text/markdown; charset=utf-8", content: markdownOf(body, urlOf(head, ask.base)) },
      headers: { "Content-Disposition": 'inline; filename="incident.md"' },
    };
  }),
];

/** The incident, if the collector shows it to this asker. */
const found = (ask: Ask) => ask.web.collector.call("incident.get", { id: param(ask, "id") }, ask.credential);

const urlOf = (head: Pick<IncidentHead, "id">, base: string) => `${base}/share/${head.id}`;
const rowOf = (head: IncidentHead, base: string): IncidentRow => ({ ...head, url: urlOf(head, base) });
