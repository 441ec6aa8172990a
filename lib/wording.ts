/** Two languages from the first day: the field guides that this product grew from are Chinese, its users often are too. */
export type Language = "en" | "zh";

/** One text in every language. A unit without its Chinese wording does not compile. */
export type Wording = Readonly<Record<Language, string>>;

/** What stands in a place: a name, a command or a number as it is, or words that each language has its own of. */
export type Param = string | number | Wording;

export type Params = Readonly<Record<string, Param>>;

/** A value as readers of this language see it. */
export const inLanguage = (value: Param, language: Language): string =>
  typeof value === "object" ? value[language] : String(value);

/** Fills `{name}` places. A place without a value stays visible as `{name}`: a hole in a sentence must be seen, not hidden. */
export function fill(wording: Wording, language: Language, params: Params): string {
  return wording[language].replace(/\{([a-zA-Z][a-zA-Z0-9]*)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return value === undefined ? whole : inLanguage(value, language);
  });
}

/** A wording with its places filled in every language: words that themselves stand in a place. */
export const filled = (wording: Wording, params: Params): Wording => ({
  en: fill(wording, "en", params),
  zh: fill(wording, "zh", params),
});

/** Values one after another, with each language's comma. */
export const listed = (values: readonly Param[]): Wording => ({
  en: values.map((value) => inLanguage(value, "en")).join(", "),
  zh: values.map((value) => inLanguage(value, "zh")).join("、"),
});
