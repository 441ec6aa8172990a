import { z } from "zod";
import { HostSpec, KeyQuestion } from "@/lib/wire/rest";
import { param, type Route, route } from "../route";

/** Room for a host behind five jumps, each with a large key. */
const specBytes = 1024 * 1024;
const ApproveKey = z.object({ question: KeyQuestion, replace: z.string().max(200).optional() });
const ImportKeys = z.object({ knownHosts: z.string().max(4_194_304) });
const StartDemo = z.object({ hosts: z.number().int().min(1).max(50) });

/**
 * Hosts: everything here is the collector's to do and to decide. What a person types on the form passes through and is kept nowhere in this process.
 */
export const hostRoutes: readonly Route[] = [
  route("GET", "/api/hosts", "viewer", {}, async (ask) => {
    const { cards } = await ask.web.collector.call("fleet.cards", {}, ask.credential);
    return { body: { cards } };
  }),
  route("POST", "/api/hosts", "admin", { body: HostSpec, maxBytes: specBytes }, async (ask) => {
    await ask.web.collector.call("host.save", { spec: ask.body }, ask.credential);
    return { status: 201 };
  }),
  route("POST", "/api/hosts/test", "admin", { body: HostSpec, maxBytes: specBytes }, async (ask) => ({
    body: await ask.web.collector.call("host.test", { spec: ask.body }, ask.credential),
  })),
  route("POST", "/api/hosts/keys", "admin", { body: ApproveKey }, async (ask) => {
    await ask.web.collector.call("host.approveKey", ask.body, ask.credential);
    return {};
  }),
  route("DELETE", "/api/hosts/:id", "admin", {}, async (ask) => {
    await ask.web.collector.call("host.remove", { host: param(ask, "id") }, ask.credential);
    return {};
  }),
  route("POST", "/api/hosts/:id/retry", "operator", {}, async (ask) => {
    await ask.web.collector.call("host.retry", { host: param(ask, "id") }, ask.credential);
    return {};
  }),
  route("GET", "/api/hosts/:id/snapshot", "viewer", {}, async (ask) => ({
    body: await ask.web.collector.call("host.snapshot", { host: param(ask, "id") }, ask.credential),
  })),
  // The text is at most 4 MiB of characters, which JSON may write as up to six bytes each; known_hosts is plain ASCII, so twice is plenty.
  route("POST", "/api/keys/import", "admin", { body: ImportKeys, maxBytes: 8_400_000 }, async (ask) => ({
    body: await ask.web.collector.call("keys.import", ask.body, ask.credential),
  })),
  route("POST", "/api/demo", "admin", { body: StartDemo }, async (ask) => {
    await ask.web.collector.call("demo.start", ask.body, ask.credential);
    return {};
  }),
  route("DELETE", "/api/demo", "admin", {}, async (ask) => {
    await ask.web.collector.call("demo.stop", {}, ask.credential);
    return {};
  }),
];
