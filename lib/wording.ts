/** Two languages from the first day: the field guides that this product grew from are Chinese, its users often are too. */
export type Language = "en" | "zh";

/** One text in every language. A unit without its Chinese wording does not compile. */
export type Wording = Readonly<Record<Language, string>>;

export type Params = Readonly<Record<string, string | number>>;

/** Fills `{name}` places. A place without a value stays visible as `{name}`: a hole in a sentence must be seen, not hidden. */
export function fill(template: string, params: Params): string {
  return template.replace(/\{([a-zA-Z][a-zA-Z0-9]*)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return value === undefined ? whole : String(value);
  });
}
