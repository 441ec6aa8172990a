/** `npm run lab:faults [-- [--record] [--labs A,B] ID...]`: makes faults for real and prints what the product said of each. Ends with 1 when any was not named right. */
import { parseArgs } from "node:util";
import { type LabCase, loadCases } from "./cases";
import { instance } from "./config";
import { type Diagnosis, isGood, table } from "./diagnosis";
import { ensureImage } from "./machine";
import { type Maker, makerOf, wordsOf } from "./maker";
import { record } from "./results";

const usage = `npm run lab:faults [-- [--record] [--labs A,B] ID...]

For each fault: restore the saved hypervisor, inject, look, heal, look again. Without IDs, all of them.
--record    keeps what was seen in e2e/lab/results, from which \`npm run lab:report\` makes docs/accuracy.md
--labs A,B  the instances (see npm run lab -- help) that share the work; default ${instance}. One for two cores is enough:
            an emulated machine takes one to two, and a fault seen late for want of time says nothing of the product.
Faults: `;

interface Wish {
  readonly chosen: readonly LabCase[];
  readonly labs: readonly string[];
  readonly keep: boolean;
}

function wishOf(words: readonly string[], cases: readonly LabCase[]): Wish | "help" {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      record: { type: "boolean", default: false },
      labs: { type: "string", default: instance },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return "help";
  const labs = [...new Set(values.labs.split(","))];
  const odd = labs.find((lab) => !/^[0-9a-z]{1,4}$/.test(lab));
  if (odd !== undefined) throw new Error(`--labs: "${odd}" is no name of a lab, which is 1 to 4 of 0-9 a-z`);
  const unknownIds = positionals.filter((id) => !cases.some((c) => c.id === id));
  if (unknownIds.length > 0)
    throw new Error(`no fault ${unknownIds.join(", ")}; there are: ${cases.map((c) => c.id).join(" ")}`);
  const chosen = cases
    .filter((c) => positionals.length === 0 || positionals.includes(c.id))
    .sort((a, b) => a.base.localeCompare(b.base));
  return { chosen, labs, keep: values.record };
}

/** Gives the exit code. */
async function makeAll({ chosen, labs, keep }: Wish): Promise<number> {
  const rows: Diagnosis[] = [];
  const broken: string[] = [];
  const waiting = [...chosen];
  const again = new Set<string>();
  const makers = labs.slice(0, chosen.length).map(makerOf);
  // Who ends the run takes the machine away from under a case: that says nothing of the case.
  let ending = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      ending = true;
      for (const maker of makers) void maker.stop();
    });
  const work = async (maker: Maker) => {
    for (let next = waiting.shift(); next && !ending; next = waiting.shift()) {
      const made = await maker.make(next.id);
      if (ending) break;
      if ("broke" in made) {
        console.error(`${next.id}: ${made.broke}`);
        // A machine that was too slow for a moment has said nothing of the product: once more, after all others. What was found wrong is never made again.
        if (made.slow && !again.has(next.id)) {
          again.add(next.id);
          waiting.push(next);
          continue;
        }
        // A case that cannot be made has proved nothing: it counts as failed, and the others still run.
        broken.push(next.id);
      } else rows.push(made.row);
      if (keep) record("row" in made ? made.row : { id: next.id, broke: made.broke });
      if ("row" in made)
        console.error(
          `${isGood(made.row) ? "ok  " : "FAIL"} ${next.id} ${made.row.seconds.toFixed(1)} s (${rows.length + broken.length} of ${chosen.length})`,
        );
    }
    await maker.stop();
  };
  await Promise.all(makers.map(work));
  console.log(table(rows));
  for (const id of broken) console.log(`${id}: could not be made, see above`);
  if (again.size > 0) console.log(`made twice, for the lab failed at first: ${[...again].join(", ")}`);
  const bad = rows.filter((row) => !isGood(row)).length + broken.length;
  if (ending) console.log(`ended early: ${chosen.length - rows.length - broken.length} were not made`);
  console.log(`${rows.length + broken.length - bad} passed, ${bad} failed`);
  return bad === 0 && !ending ? 0 : 1;
}

const cases = await loadCases();
try {
  const wish = wishOf(process.argv.slice(2), cases);
  if (wish === "help") console.log(usage + cases.map((c) => c.id).join(" "));
  else {
    // Before anything is shared out, so that labs do not build the same image side by side.
    await ensureImage();
    process.exitCode = await makeAll(wish);
  }
} catch (error) {
  console.error(wordsOf(error));
  process.exitCode = 2;
}
