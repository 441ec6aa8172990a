import type { Said } from "../wire/said";
import { filled, inLanguage, type Language, type Param, type Params, type Wording } from "../wording";
import { runWords } from "./run-words";

export type SaidId = keyof typeof runWords;

/** A sentence of a guarded change, by its key: what is stored and sent of it. */
export const said = (id: SaidId, params: Params = {}): Said => ({ id, params: { ...params } });

/** A sentence that is only there as it was written: of a release that stored sentences, or of a host. */
export const asWritten = (text: string): Said => said("asWritten", { text });

/** The sentence in every language, to stand in a place of another. A key of another release shows itself and its values: never nothing. */
export function wordsOf({ id, params }: Said): Wording {
  const wording: Wording | undefined = Object.hasOwn(runWords, id) ? runWords[id as SaidId] : undefined;
  if (wording) return filled(wording, params);
  const values = (language: Language) => Object.values(params).map((value) => inLanguage(value, language));
  return { en: [id, ...values("en")].join(" "), zh: [id, ...values("zh")].join(" ") };
}

export const saidIn = (one: Said, language: Language): string => wordsOf(one)[language];

/** The words of a key with its places filled, for a place in another sentence. */
export const words = (id: SaidId, params: Params = {}): Wording => filled(runWords[id], params);

/** Clauses one after another, as each language sets them. */
export const clauses = (parts: readonly Param[]): Wording => ({
  en: parts.map((part) => inLanguage(part, "en")).join("; "),
  zh: parts.map((part) => inLanguage(part, "zh")).join("；"),
});

/** One sentence and another behind it. */
export const both = (first: Said, second: Said): Said =>
  said("both", { first: wordsOf(first), second: wordsOf(second) });

/** A thrown thing that has words in every language; its message is the English. */
export class Saying extends Error {
  override readonly name: string = "Saying";
  constructor(readonly said: Said) {
    super(wordsOf(said).en);
  }
}

/** What a thrown thing says: its own words in every language where it has them, else its message as it is. */
export const saidBy = (error: unknown): Said =>
  error instanceof Saying ? error.said : asWritten(error instanceof Error ? error.message : String(error));

export type { Said };
