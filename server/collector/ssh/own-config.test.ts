import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HostSpec } from "@/lib/wire/rest";
import type { Connect, HostConnection } from "./api";
import { withOwnConfig } from "./own-config";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taproot-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const spec = HostSpec.parse({ id: "h", address: "hv1", user: "root", login: { kind: "agent" } });
const keys = { lines: () => [] };

/** Connects nowhere; remembers what it was given. */
function recorder() {
  const given: (string | undefined)[] = [];
  const connect: Connect = (_spec, _keys, options) => {
    given.push(options?.sshConfig);
    return Promise.resolve({} as HostConnection);
  };
  return { connect, given };
}

it("hands the file's text on, anew at each connect, and nothing where there is none", async () => {
  const path = join(folder, "config");
  const { connect, given } = recorder();
  const own = withOwnConfig(connect, path);
  await own(spec, keys);
  writeFileSync(path, "Host hv1\n  HostName 192.0.2.1\n");
  await own(spec, keys);
  await own(spec, keys, { sshConfig: "Host x" });
  expect(given).toEqual([undefined, "Host hv1\n  HostName 192.0.2.1\n", "Host x"]);
});

it("says when the file cannot be read", async () => {
  const { connect } = recorder();
  await expect(withOwnConfig(connect, folder)(spec, keys)).rejects.toMatchObject({
    name: "SshFailure",
    kind: "unreachable",
  });
});
