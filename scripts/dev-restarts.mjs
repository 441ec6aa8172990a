// Which processes `npm run dev` has to start again, from the contents of the bundles.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Bundle -> hash of what stands in it. @returns {Map<string, string>} */
export const newBundles = (folder, names) =>
  new Map(
    names.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, `${name}.js`)))
        .digest("hex"),
    ]),
  );

/** The collector opens the store, whose worker is a bundle of its own. */
const runs = { collector: ["collector", "store-worker"], web: ["web"] };

/**
 * What has to start again, now that these bundles are there. The supervisor starts its children itself.
 * @param {Map<string, string>} before @param {Map<string, string>} now
 */
export function restartsFor(before, now) {
  const differs = (name) => before.get(name) !== now.get(name);
  if (differs("server")) return { supervisor: true, children: [] };
  const children = Object.keys(runs).filter((child) => runs[child].some(differs));
  return { supervisor: false, children };
}
