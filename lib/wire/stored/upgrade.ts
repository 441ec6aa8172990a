import type * as z from "zod";

/**
 * One version of something that lies in the database. Its schema is frozen: it says what was written then, and never
 * changes again.
 */
export interface StoredVersion {
  readonly version: number;
  readonly schema: z.ZodType;
  /** Makes a value of this version into one of the next; absent on the newest. */
  readonly upgrade?: (value: never) => unknown;
}

/** Declares a version whose upgrade takes what its schema gives. */
export const storedVersion = <S extends z.ZodType>(
  version: number,
  schema: S,
  upgrade?: (value: z.output<S>) => unknown,
): StoredVersion => ({ version, schema, ...(upgrade ? { upgrade } : {}) });

/** What was stored is not what any version of it looks like. */
export class StoredValueProblem extends Error {
  override readonly name = "StoredValueProblem";
}

/**
 * Brings a stored value to the newest version, one step after another. A value is held against the schema of the
 * version that it names before each step.
 *
 * @param what how an error names it, e.g. "incident".
 * @param versions oldest first, without a gap.
 * @throws StoredValueProblem for a version that this build does not know, and for what does not fit its version.
 */
export function upgraded(what: string, versions: readonly StoredVersion[], value: unknown): unknown {
  let version = versionOf(value);
  let at = versions.findIndex((one) => one.version === version);
  if (at < 0)
    throw new StoredValueProblem(`this ${what} is of version ${String(version)}, which this build cannot read`);
  let now = value;
  for (; ; at++) {
    const step = versions[at];
    if (!step) return now;
    const parsed = step.schema.safeParse(now);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new StoredValueProblem(
        `this ${what} of version ${step.version} does not fit: ${issue?.path.join(".")}: ${issue?.message}`,
      );
    }
    if (!step.upgrade) return parsed.data;
    // Declared by storedVersion for exactly what this schema gives.
    now = step.upgrade(parsed.data as never);
    version = step.version + 1;
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
}
