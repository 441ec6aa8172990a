import { readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { visible } from "@/lib/text/visible";
import { type Attack, type Attacker, attackers } from "./define";
import type { Result } from "./recorded";
import { until, type World } from "./world";

export type Known = Attack & { readonly attacker: Attacker };

/** Every attack there is: all that lies in the folders of the attackers. */
export async function allAttacks(): Promise<readonly Known[]> {
  const found: Known[] = [];
  for (const attacker of Object.keys(attackers) as Attacker[]) {
    const folder = fileURLToPath(new URL(`./${attacker}/`, import.meta.url));
    for (const file of readdirSync(folder).sort()) {
      const held = (await import(pathToFileURL(folder + file).href)) as { attacks?: readonly Attack[] };
      if (!held.attacks) throw new Error(`${attacker}/${file} holds no attacks`);
      found.push(...held.attacks.map((attack) => ({ ...attack, attacker })));
    }
  }
  const ids = found.map((attack) => attack.id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice) throw new Error(`two attacks are called ${twice}`);
  return found;
}

/** An attack that has not ended by then has held the product up. */
const longestMs = 180_000;

/** Tries one attack. It held only where something refused it, no harm is to be found, and it shows where it must. */
export async function tryOne(world: World, attack: Known): Promise<Result> {
  const began = Date.now();
  const logFrom = world.product.log.length;
  const lastRow = (await world.audit(1))[0]?.id ?? 0;
  const { id, attacker, finding, wants } = attack;
  const result = (held: boolean, outcome: string, seen: string): Result => ({
    id,
    attacker,
    finding,
    wants,
    held,
    outcome: oneLine(outcome),
    seen: oneLine(seen),
    ms: Date.now() - began,
  });
  let harm: string | null;
  let refused: string | null;
  try {
    ({ harm, refused } = await inTime(attack.attempt(world)));
    harm ??= await world.unwell();
  } catch (error) {
    // The attempt itself broke: nothing was shown, neither way.
    const unwell = await world.unwell().catch((problem: unknown) => String(problem));
    await world.recovered();
    return result(false, unwell ?? `not tried: ${error instanceof Error ? error.message : error}`, "");
  }
  if (harm !== null) {
    await world.recovered();
    return result(false, harm, "");
  }
  if (refused === null) return result(false, "nothing refused it", "");
  const seen = await showing(world, attack, logFrom, lastRow);
  return seen === null ? result(false, `${refused}; but it shows nowhere`, "") : result(true, refused, seen);
}

/** The line or row that shows an attack; null where there is none. */
async function showing(world: World, { seen }: Attack, logFrom: number, lastRow: number): Promise<string | null> {
  if ("nowhere" in seen) return `nowhere: ${seen.nowhere}`;
  const look = async () => {
    if ("log" in seen) {
      const line = world.product.log
        .slice(logFrom)
        .split("\n")
        .find((one) => seen.log.test(one));
      return line && `log: ${lineOf(line)}`;
    }
    const row = (await world.audit()).find(
      (one) => one.id > lastRow && seen.audit.test(`${one.what} ${one.outcome} ${one.detail}`),
    );
    return row && `audit: ${row.who}, ${row.what}, ${row.outcome}${row.detail ? `, ${row.detail}` : ""}`;
  };
  // Refused log-ins that follow one another are counted, in a row that comes when their minute is over.
  return until("a trace of it", look, "audit" in seen ? 70_000 : 6_000).catch(() => null);
}

/** What a line of the log says, without its time. */
function lineOf(line: string): string {
  if (!line.startsWith("{")) return line;
  const { at: _, process: who, event, ...more } = JSON.parse(line) as Record<string, unknown>;
  return `${who} ${event} ${Object.values(more).map(String).join(" ")}`;
}

/** Addresses, ports and ids differ each time; they are left out, so that two records differ where something is different. */
const oneLine = (text: string) =>
  visible(text, { lines: true })
    .replace(/\s+/g, " ")
    .replace(/(127\.0\.0\.1|localhost):\d+/g, "$1:PORT")
    .replace(/\/tmp\/[\w./-]+/g, "FOLDER")
    .slice(0, 240);

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end within ${longestMs / 1000} s`)), longestMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
