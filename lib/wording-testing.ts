/** What tests of wordings share. */

/** Names of the places in a wording, sorted. */
export const placesIn = (text: string): string[] =>
  [...text.matchAll(/\{([a-zA-Z][a-zA-Z0-9]*)\}/g)].map((match) => match[1] ?? "").sort();

/** Words that make a phrase of names: no interface, command or field is called so. */
const phrase =
  /\b(?:the|an?|is|are|was|has|have|does|did|not|no|none|of|its?|that|which|where|says?|with|without|and|but|for)\b/i;

/**
 * English of ours in a text: three words in a row or two that make a phrase ("no route"), which stand in none of the quoted places as they are (there
 * the host's own tools say so).
 */
export const englishIn = (text: string, quoted: readonly string[]): string[] =>
  (text.match(/[A-Za-z][A-Za-z'’-]*(?: [A-Za-z][A-Za-z'’-]*)+/g) ?? []).filter(
    (run) => (run.split(" ").length > 2 || phrase.test(run)) && !quoted.some((where) => where.includes(run)),
  );
