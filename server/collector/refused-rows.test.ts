import { expect, it } from "vitest";
import type { AuditEntry } from "../store/repositories/audit";
import { RefusedRows } from "./refused-rows";

it("writes the first of a kind at once, counts the rest, and at most 61 rows a minute of each kind", async () => {
  const rows: AuditEntry[] = [];
  const refusals = new RefusedRows({ add: async (row) => void rows.push(row) }, () => undefined);
  const details = () => rows.splice(0).map((row) => `${row.who}: ${row.detail}`);
  for (let at = 0; at < 1000; at++) await refusals.note({ who: "nobody", what: "request refused", about: "host.save" });
  expect(details()).toEqual(["nobody: host.save"]);
  await refusals.flush();
  expect(details()).toEqual(["nobody: host.save (999 more within a minute)"]);
  for (let round = 0; round < 2; round++)
    for (let at = 0; at < 100; at++)
      await refusals.note({ who: `p${at}`, what: "request refused", about: "host.save" });
  await refusals.note({ who: "nobody", what: "login", about: "of another kind" });
  expect(details().at(-1)).toBe("nobody: of another kind");
  await refusals.flush();
  const written = details();
  expect(written).toHaveLength(31);
  expect(written.at(-1)).toBe("nobody: 140 others within a minute");
  await refusals.flush();
  expect(rows).toEqual([]);
});

it("counts by the minute by itself, and tells when the log cannot be written to", async () => {
  const rows: AuditEntry[] = [];
  const told: string[] = [];
  let full = false;
  const add = async (row: AuditEntry) => {
    if (full) throw new Error("disk full");
    rows.push(row);
  };
  const refusals = new RefusedRows({ add }, (event) => told.push(event), 20);
  const one = { who: "vic", what: "request refused", about: "host.save" };
  await refusals.note(one);
  await refusals.note(one);
  await expect.poll(() => rows.map((row) => row.detail)).toEqual(["host.save", "host.save (1 more within a minute)"]);
  full = true;
  await refusals.note(one);
  expect(told).toEqual(["refusal-not-written"]);
});
