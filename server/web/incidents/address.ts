import type { IncidentHead } from "@/lib/wire/bus";
import type { IncidentRow } from "@/lib/wire/rest";

/** The link of an incident, under the address by which the asker reached the site. */
export const urlOf = (head: Pick<IncidentHead, "id">, base: string): string => `${base}/share/${head.id}`;
export const rowOf = (head: IncidentHead, base: string): IncidentRow => ({ ...head, url: urlOf(head, base) });
