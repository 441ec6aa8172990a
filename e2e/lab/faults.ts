/** `npm run lab:faults [-- [--record] ID...]`: makes faults for real and prints what the product said of each. Ends with 1 when any was not named right. */
import { loadCases } from "./cases";
import { type Diagnosis, diagnose, isGood, table } from "./diagnosis";
import { Lab } from "./lab";
import { record } from "./results";

const given = process.argv.slice(2);
const keep = given.includes("--record");
const wanted = given.filter((word) => word !== "--record");
const cases = await loadCases();
if (wanted.includes("--help") || wanted.includes("-h")) {
  console.log(
    "npm run lab:faults [-- [--record] ID...]\n\nFor each fault: restore the saved hypervisor, inject, look, heal, look again.\n--record keeps what was seen in e2e/lab/results, from which `npm run lab:report` makes docs/accuracy.md.\nFaults: " +
      cases.map((c) => c.id).join(" "),
  );
  process.exit(0);
}
const unknownIds = wanted.filter((id) => !cases.some((c) => c.id === id));
if (unknownIds.length > 0) {
  console.error(`no fault ${unknownIds.join(", ")}; there are: ${cases.map((c) => c.id).join(" ")}`);
  process.exit(2);
}
const chosen = cases
  .filter((c) => wanted.length === 0 || wanted.includes(c.id))
  .sort((a, b) => a.base.localeCompare(b.base));
const lab = await Lab.ensure();
const rows: Diagnosis[] = [];
const broken: string[] = [];
// Who ends the run takes the machine away from under a case: that says nothing of the case.
let ending = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (ending = true));
try {
  for (const labCase of chosen) {
    if (ending) break;
    const row = await diagnose(lab, labCase).catch((error: unknown) => {
      // A case that cannot be made has proved nothing: it counts as failed, and the others still run.
      const broke = error instanceof Error ? error.message : String(error);
      console.error(`${labCase.id}: ${broke}`);
      if (keep && !ending) record({ id: labCase.id, broke });
      return undefined;
    });
    if (!row) {
      broken.push(labCase.id);
      continue;
    }
    rows.push(row);
    if (keep) record(row);
    console.error(
      `${isGood(row) ? "ok  " : "FAIL"} ${row.id} ${row.seconds.toFixed(1)} s (${rows.length} of ${chosen.length})`,
    );
  }
} finally {
  await lab.stop();
}
console.log(table(rows));
for (const id of broken) console.log(`${id}: could not be made, see above`);
const bad = rows.filter((row) => !isGood(row)).length + broken.length;
if (ending) console.log(`ended early: ${chosen.length - rows.length - broken.length} were not made`);
console.log(`${rows.length + broken.length - bad} passed, ${bad} failed`);
process.exit(bad === 0 && !ending ? 0 : 1);
