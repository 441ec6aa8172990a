import type { Wording } from "../wording";

/**
 * What the text or number of an attribute is, and so how it is printed, found and masked.
 * - text        of the host, free: masked like any other text of it
 * - term        a word of kernel, QEMU or libvirt ("up", "virtio"): never masked, for the page looks at it
 * - name        names a thing (`names` says of which kind), and is masked as one
 * - mac, address, vlan  what the filter of the canvas asks for by `mac:`, `ip:` and `vlan:`
 * - number, flag  a count with its unit, and yes or no (the kernel says 1 or 0)
 * - hundredths  seconds, counted by the kernel in hundredths: 30000 is printed as "300 s"
 */
export type Form = "text" | "term" | "name" | "mac" | "address" | "vlan" | "number" | "flag" | "hundredths";

/** One attribute of a kind of node or edge. `T` is what its value is in TypeScript; a list where the value is one. */
export interface Attribute<T> {
  readonly word: Wording;
  readonly form: Form;
  /** Printed after a number: "Mbit/s". The same in both languages. */
  readonly unit?: string;
  /** Kind of thing that a name names, for its mask: "vm" makes "vm-3". */
  readonly names?: string;
  /** Words for values that are neither 0 nor 1 of a flag, by the value. */
  readonly says?: Readonly<Record<string, Wording>>;
  /** Never there: it carries the type. */
  readonly valueType?: T;
}

export type Attributes = Readonly<Record<string, Attribute<unknown>>>;

/** What iproute2 says of a kind-specific value: its versions do not agree on the type. */
export type Plain = string | number | boolean;

/** The values that a schema describes; each may be missing. */
export type ValuesOf<A> = { readonly [N in keyof A]?: A[N] extends Attribute<infer T> ? T : never };

// NoInfer: else the type that a schema is held against, which is any, would become the type of the value.
const made =
  <Default>(form: Form) =>
  <T = Default>(word: Wording): Attribute<NoInfer<T>> => ({ word, form });

export const text = made<string>("text");
export const term = made<string>("term");
export const mac = made<string>("mac");
export const address = made<string>("address");
export const addresses = made<readonly string[]>("address");
export const vlan = made<number>("vlan");
export const flag = made<boolean>("flag");
export const hundredths = made<Plain>("hundredths");

export const number = <T = number>(word: Wording, unit?: string): Attribute<NoInfer<T>> => ({
  word,
  form: "number",
  ...(unit === undefined ? {} : { unit }),
});

export const name = <T = string>(names: string, word: Wording): Attribute<NoInfer<T>> => ({
  word,
  form: "name",
  names,
});
