// What the scaffolds in scaffolds/ share: how a word is checked and refused.
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The first line of each TypeScript file that a scaffold writes. scaffolds.test.ts fails while one such line is left in the tree. */
export const frameLine = "// FRAME: made by npm run new. Fill this file in, then delete this line.";

/** @typedef {{about: string, usage: string, samples: string[][], contracts: string[], files(words: string[], root: string): Record<string, string>}} Scaffold */

/** The scaffold of a thing. @returns {Promise<Scaffold>} */
export const scaffoldOf = (thing) => import(new URL(`scaffolds/${thing}.mjs`, import.meta.url).href);

/** A word that the person at the keyboard has to correct: the message says which and why. */
export class Refused extends Error {}

export function refuse(why) {
  throw new Refused(why);
}

/** Exactly so many words as `names` has; their names are told where they are not. */
export function take(words, ...names) {
  if (words.length !== names.length)
    refuse(`${names.length} words are wanted (${names.join(", ")}), not ${words.length}`);
  return words;
}

/** The word, if it is an id: lower case words with dashes. */
export function id(word) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(word))
    refuse(`an id is lower case words with dashes, not ${JSON.stringify(word)}`);
  return word;
}

/** The word, if it is one of `known`; `what` names the kind of word. */
export function oneOf(word, known, what) {
  if (!known.includes(word)) refuse(`no ${what} ${JSON.stringify(word)}. There are: ${known.join(", ")}`);
  return word;
}

/** Ids of the checks that there are, by their files. */
export const checkIds = (root) =>
  readdirSync(join(root, "lib/checks"), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".examples.ts"))
    .map((entry) => entry.name.slice(0, -".examples.ts".length))
    .sort();

/** "some-id" as it is written in a name of TypeScript: someId. */
export const camel = (word) => word.replace(/[-.]+(\w)/g, (_, letter) => letter.toUpperCase());
