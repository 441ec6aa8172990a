import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { expect, it } from "vitest";
import { makeKey } from "./keys";
import { random } from "./random";

it("makes keys that ssh2 and ssh-keygen read, the same from the same seed", () => {
  const key = makeKey(random(7));
  expect(makeKey(random(7))).toEqual(key);
  expect(makeKey(random(8)).fingerprint).not.toBe(key.fingerprint);
  const parsed = ssh2.utils.parseKey(key.privateKey);
  if (parsed instanceof Error) throw parsed;
  expect(parsed.getPublicSSH().toString("base64")).toBe(key.publicLine.split(" ")[1]);
  const dir = mkdtempSync(join(tmpdir(), "simkey-"));
  try {
    writeFileSync(join(dir, "key"), key.privateKey, { mode: 0o600 });
    expect(execFileSync("ssh-keygen", ["-y", "-f", join(dir, "key")], { encoding: "utf8" }).trim()).toBe(
      key.publicLine,
    );
    expect(execFileSync("ssh-keygen", ["-l", "-f", join(dir, "key")], { encoding: "utf8" })).toContain(key.fingerprint);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
