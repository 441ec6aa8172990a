/**
 * `npm run new -- THING WORDS...` (or `npm run new:THING -- WORDS...`): writes the files of a new unit, ready to be filled in.
 *
 * One file a thing in scaffolds/. To teach this command a new thing, add scaffolds/<thing>.mjs with five exports:
 *   about      one line: what is written
 *   usage      the words that it wants, e.g. "<layer> <id>"
 *   samples    lists of words for the test, which makes one unit of each in a copy of the tree
 *   contracts  the tests that hold such units to their rules, as paths
 *   files(words, root)  checks the words (`refuse`, `take` and `id` of scaffold.mjs), and returns path -> content
 * What it writes is a small unit that works: registries, types, lint and contracts are green before anybody has typed a letter.
 * scaffolds.test.ts proves that. Then add `new:<thing>` to package.json.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { frameLine, Refused, scaffoldOf } from "./scaffold.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const things = readdirSync(join(root, "scripts/scaffolds"))
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.slice(0, -".mjs".length))
  .sort();
const [thing = "", ...words] = process.argv.slice(2);
const wantsHelp = (word) => word === "--help" || word === "-h";

if (thing === "" || wantsHelp(thing)) {
  const lines = await Promise.all(
    things.map(async (name) => {
      const { about, usage } = await scaffoldOf(name);
      return `  ${name} ${usage}\n      ${about}`;
    }),
  );
  const text = `usage: npm run new -- <thing> <words>\n\n${lines.join("\n")}\n\nNo file is ever overwritten.`;
  if (thing === "") refuse("what is to be made?", text);
  console.log(text);
  process.exit(0);
}
if (!things.includes(thing)) refuse(`no scaffold for ${JSON.stringify(thing)}`, `There are: ${things.join(", ")}`);

const scaffold = await scaffoldOf(thing);
const usage = `usage: npm run new:${thing} -- ${scaffold.usage}`;
if (words.some(wantsHelp)) {
  console.log(`${usage}\n\nWrites ${scaffold.about}. Overwrites nothing.\n\n${next(scaffold)}`);
  process.exit(0);
}

const files = made();
for (const path of Object.keys(files)) if (existsSync(join(root, path))) refuse(`${path} is there already`, usage);
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  // "wx": whoever was faster by a moment keeps his file as well.
  writeFileSync(join(root, path), /\.tsx?$/.test(path) ? `${frameLine}\n${text}` : text, { flag: "wx" });
  console.log(path);
}
console.log(`\n${next(scaffold)}`);

/** The files of the unit; ends the process where a word is wrong. */
function made() {
  try {
    return scaffold.files(words, root);
  } catch (error) {
    if (error instanceof Refused) refuse(error.message, usage);
    throw error;
  }
}

function next({ contracts }) {
  return `Now: fill in each file and delete its first line, then
  npm run registries && npm run docs
  npx vitest run --project unit ${contracts.join(" ")}`;
}

function refuse(why, hint) {
  console.error(`${why}\n${hint}`);
  process.exit(1);
}
