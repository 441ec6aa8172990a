import type { AnySpec, HostSource } from "./define";
import { sources } from "./registry";

/** Where none is named: hosts were all of this kind once. */
const usual: keyof typeof sources = "ssh";

/** @throws Error for a kind that this release does not have. */
export function sourceOf({ source: kind = usual }: Pick<AnySpec, "source">): HostSource {
  if (!Object.hasOwn(sources, kind))
    throw new Error(`no source of hosts is called ${JSON.stringify(kind.slice(0, 60))}`);
  return sources[kind as keyof typeof sources];
}

/** A stored spec, held against the schema of its kind. @throws Error that says what does not fit. */
export function specOf(value: unknown): AnySpec {
  const named = value !== null && typeof value === "object" && "source" in value ? value.source : undefined;
  return sourceOf({ source: named === undefined ? undefined : String(named) }).spec.parse(value);
}
