import { topics } from "./topics/registry";

/** Pages that lie beside those of hosts, under /hosts/. */
const pages: ReadonlySet<string> = new Set(["add"]);

/**
 * Names that no new host may have: of pages beside the hosts' own, and of topics, which stand where a host's name
 * could.
 */
export const isReserved = (id: string): boolean => pages.has(id) || Object.hasOwn(topics, id);

/**
 * Path of a host's page. A host from before its name was reserved has a page beside the one of that name: no host's
 * name begins with a tilde.
 */
export const hostPath = (id: string): string => `/hosts/${pages.has(id) ? "~" : ""}${encodeURIComponent(id)}`;

/** The host that a segment of such a path names. */
export const hostOfSegment = (segment: string): string => (segment.startsWith("~") ? segment.slice(1) : segment);
