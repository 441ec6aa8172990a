import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Database } from "../store/sqlite";
import { openStore, type Store } from "../store/store";
import { run } from "./program";
import { colours } from "./terminal";

let dir: string;
let store: Store;
const key = Buffer.alloc(32, 2);
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-cli-audit-"));
  store = await openStore(dir, key);
  for (const who of ["ann", "bob\u001b[31m", "cat"])
    await store.audit.add({ at: 1, who, what: "login", host: null, outcome: "done", detail: "" });
  writeFileSync(join(dir, "key"), key.toString("hex"));
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function verify(...more: string[]) {
  let out = "";
  let err = "";
  const status = await run(["audit", "verify", "--data", dir, ...more], {
    terminal: {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      colour: colours(false),
      errIsTty: false,
    },
    connect: () => Promise.reject(new Error("nothing is connected to here")),
    makeEngine: () => {
      throw new Error("nothing is judged here");
    },
    signal: new AbortController().signal,
    version: "0",
  });
  return { status, out, err };
}

it("audit verify: 0 as it was written, 1 with the place named, 2 where it cannot look", async () => {
  const good = await verify("--key-file", join(dir, "key"));
  expect(good).toEqual({ status: 0, out: "the audit log is as it was written: 3 rows from row 1 on\n", err: "" });
  const none = await verify();
  expect(none.status).toBe(2);
  expect(none.err).toContain("no secret key");
  expect((await verify("--key-file", join(dir, "absent"))).status).toBe(2);
  expect((await verify("--data", join(dir, "absent"), "--key-file", join(dir, "key"))).status).toBe(2);
  const file = new Database(join(dir, "taproot.db"));
  file.exec("drop trigger audit_no_update; update audit set outcome = 'refused' where id = 2");
  file.close();
  const bad = await verify("--key-file", join(dir, "key"));
  expect(bad.status).toBe(1);
  expect(bad.out).toMatch(/^row 2 \(1970-01-01T00:00:00.001Z, bob\\x1b\[31m, login\) was changed, put in or moved\n/);
});
