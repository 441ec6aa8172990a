import type { KnownAsk } from "./route";

/** Writes what the web process itself did to the audit log. What touches a host is written by the collector, which did it. */
export async function noteAudit(
  ask: Pick<KnownAsk, "web" | "who">,
  what: string,
  outcome: "done" | "refused",
  more: { readonly host?: string; readonly detail?: string } = {},
): Promise<void> {
  const who = ask.who.by === "token" ? `${ask.who.name} (by token)` : ask.who.name;
  await ask.web.store.audit.add({
    at: Date.now(),
    who,
    what,
    host: more.host ?? null,
    outcome,
    detail: more.detail ?? "",
  });
}
