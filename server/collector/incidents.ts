import { randomBytes } from "node:crypto";
import type { IncidentHead, Who } from "@/lib/wire/bus";
import { defaultHours } from "@/lib/wire/rest";
import type { Incident } from "@/lib/wire/share";
import { BusProblem } from "../bus/problem";
import type { BusHandlers, BusParsed } from "../bus/server";
import type { AuditRepository } from "../store/repositories/audit";
import type { IncidentRepository, IncidentHead as StoredHead } from "../store/repositories/incidents";
import type { Fleet } from "./fleet/fleet";
import { hostOf } from "./host-of";
import { masked } from "./masked";

const hour = 3_600_000;
const listed = 500;

export interface IncidentDeps {
  readonly fleet: Pick<Fleet, "host">;
  readonly incidents: IncidentRepository;
  readonly audit: AuditRepository;
}

/** Share links: frozen from the engine itself, not from what the web process says that it looks like. */
export function incidentMethods(deps: IncidentDeps): BusHandlers {
  const { incidents, audit } = deps;
  const note = (who: Who, what: string, host: string, detail: string) =>
    audit.add({ at: Date.now(), who: who.name, what, host, outcome: "done", detail });
  return {
    "incident.list": async () => ({ incidents: (await incidents.list(listed)).map(headOf) }),
    "incident.add": async (params, who) => {
      if ((await incidents.countOpen(Date.now())) >= listed)
        throw new BusProblem("conflict", `${listed} incident links are open: revoke some before you make another.`);
      const { head, body } = frozen(deps, params, who);
      await incidents.add(head, body);
      await note(who, "incident shared", head.host, head.public ? "public" : "for accounts");
      return headOf({ ...head, revokedAt: null });
    },
    "incident.revoke": async ({ id }, who) => {
      const head = await incidents.head(id);
      if (!head) throw notFound();
      if (await incidents.revoke(id, Date.now())) await note(who, "incident revoked", head.host, "");
      return {};
    },
    "incident.get": async ({ id }, who) => {
      const head = await incidents.head(id);
      // A stranger learns of an incident that is not public no more than of one that is not there.
      if (!who && !head?.public) throw new BusProblem("no-session", "Log in to open this incident.");
      if (!head) throw notFound();
      if (head.revokedAt !== null) throw new BusProblem("gone", "This incident link was revoked.");
      // The body, which may be large, is read only for whoever may see it.
      const body = head.expiresAt <= Date.now() ? null : ((await incidents.get(id))?.body ?? null);
      if (!body) throw new BusProblem("gone", "This incident link has expired.");
      return { head: headOf(head), body };
    },
    "incident.isPublic": async ({ id }) => ({ public: (await incidents.head(id))?.public === true }),
  };
}

function frozen({ fleet }: IncidentDeps, params: BusParsed<"incident.add">, who: Who) {
  const { host, selection, note, mask } = params;
  const hours = params.expiresInHours ?? defaultHours[params.public ? "public" : "accounts"];
  const snapshot = hostOf(fleet, host).engine.snapshot();
  const madeAt = Date.now();
  const head = {
    // 128 random bits: for a public incident the id is the key. It is stored as it is, since whoever reads the database reads the incident too.
    id: randomBytes(16).toString("base64url"),
    host,
    note,
    madeBy: who.name,
    madeAt,
    expiresAt: madeAt + hours * hour,
    public: params.public,
    tokenHash: null,
  };
  const body: Incident = {
    version: 2,
    takenAt: snapshot.at,
    madeBy: head.madeBy,
    note,
    ...(selection === undefined ? {} : { selection }),
    snapshot,
  };
  return { head, body: masked(body, mask) };
}

const notFound = () => new BusProblem("not-found", "There is no such incident.");

function headOf(head: StoredHead): IncidentHead {
  const { id, host, note, madeBy, madeAt, expiresAt } = head;
  return { id, host, note, madeBy, madeAt, expiresAt, public: head.public, revoked: head.revokedAt !== null };
}
