// Loaded by `--import` into the product's processes to weaken them on purpose (weaknesses.ts): the parts of dist/ are changed as they are read, the files stay.
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";

if (process.env.TAPROOT_WEAKEN) register(import.meta.url);

const edits = JSON.parse(process.env.TAPROOT_WEAKEN ?? "[]");

/** Node's hook: gives the changed text of a part. An edit that finds nothing ends the process: the product has moved on, and nothing would be proved. */
export async function load(url, context, next) {
  const part = /\/dist\/(server|collector|web)\.js$/.exec(url)?.[1];
  const own = edits.filter((edit) => edit.part === part);
  if (own.length === 0) return next(url, context);
  let source = await readFile(fileURLToPath(url), "utf8");
  for (const { find, put } of own) {
    const pattern = new RegExp(find);
    if (!pattern.test(source)) throw new Error(`weaken: dist/${part}.js has no /${find}/ any more`);
    source = source.replace(pattern, put);
  }
  return { format: "module", source, shortCircuit: true };
}
