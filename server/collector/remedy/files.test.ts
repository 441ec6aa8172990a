import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HostConnection } from "../ssh/api";
import { actsOf, ChangeRefused, lineOf, runOn } from "./commands";
import { backScript, digestOf, HostPath, keptOf, longestFile, writeScript } from "./files";
import { undoScript } from "./guard";

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "taproot-files-"));
  mkdirSync(join(dir, "etc"));
  path = join(dir, "etc", "interfaces");
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Runs a script as the host's shell would. */
function sh(script: string, ...parameters: readonly string[]): { exit: number; said: string } {
  try {
    execFileSync("sh", ["-c", script, "taproot", ...parameters], { stdio: "pipe" });
    return { exit: 0, said: "" };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: Buffer };
    return { exit: status, said: String(stderr) };
  }
}
const kept = () => join(dir, "undo");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const write = (was: string | null, text: string) =>
  sh(writeScript, path, was === null ? "absent" : digestOf(was), digestOf(text), kept(), "0", base64(text));
const back = (was: string | null, text: string) =>
  sh(backScript, path, was === null ? "absent" : digestOf(was), digestOf(text), kept(), "0");
const left = () => readdirSync(join(dir, "etc"));

const old = "auto br0\n  mtu 1500\n";
const next = "auto br0\n  mtu 9000 # 'é' $(id)\n";

describe("a file step", () => {
  it("writes the new bytes with the mode of the old, keeps those where only root reads, and puts them back", () => {
    writeFileSync(path, old);
    chmodSync(path, 0o640);
    expect(write(old, next)).toEqual({ exit: 0, said: "" });
    expect(readFileSync(path, "utf8")).toBe(next);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(statSync(kept()).mode & 0o777).toBe(0o700);
    expect(left()).toEqual(["interfaces"]);
    expect(back(old, next)).toEqual({ exit: 0, said: "" });
    expect(readFileSync(path, "utf8")).toBe(old);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    // Both may come: ours and the guard's.
    expect(back(old, next)).toEqual({ exit: 0, said: "" });
    expect(left()).toEqual(["interfaces"]);
  });

  it("makes a file that was not there, and takes it away again", () => {
    expect(write(null, next).exit).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(back(null, next).exit).toBe(0);
    expect(left()).toEqual([]);
  });

  it("writes nothing where the file is not what it was, is a link, or no file", () => {
    writeFileSync(path, "somebody else's\n");
    expect(write(old, next)).toMatchObject({ exit: 1, said: expect.stringContaining("is not what it was") });
    expect(write(null, next).exit).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("somebody else's\n");
    rmSync(path);
    writeFileSync(join(dir, "elsewhere"), old);
    symlinkSync(join(dir, "elsewhere"), path);
    expect(write(old, next).exit).toBe(1);
    expect(readFileSync(join(dir, "elsewhere"), "utf8")).toBe(old);
    rmSync(path);
    mkdirSync(path);
    expect(write(null, next).exit).toBe(1);
    expect(left()).toEqual(["interfaces"]);
  });

  it("leaves alone what somebody else has changed since, and says so", () => {
    writeFileSync(path, old);
    write(old, next);
    writeFileSync(path, "mine\n");
    expect(back(old, next)).toMatchObject({ exit: 1, said: expect.stringContaining("changed by somebody else") });
    expect(readFileSync(path, "utf8")).toBe("mine\n");
    writeFileSync(path, next);
    writeFileSync(join(kept(), "0.old"), "not the old bytes\n");
    expect(back(old, next)).toMatchObject({ exit: 1, said: expect.stringContaining("are not in") });
    expect(readFileSync(path, "utf8")).toBe(next);
  });

  it("is kept as digests, of paths of plain names and of files that are not long", () => {
    expect(keptOf({ path: "/etc/x", text: next, was: null })).toEqual({
      path: "/etc/x",
      was: null,
      now: digestOf(next),
    });
    for (const bad of ["etc/x", "/etc/../x", "/etc/./x", "/etc/x\n", "/etc/$(id)", "/etc//x", "/", "/etc/x/", "/e c"])
      expect(HostPath.safeParse(bad).success, bad).toBe(false);
    for (const good of ["/etc/network/interfaces", "/etc/systemd/network/10-x.network.d/90-taproot.conf"])
      expect(HostPath.safeParse(good).success, good).toBe(true);
    expect(() => keptOf({ path: "/etc/x", text: "x".repeat(longestFile + 1), was: null })).toThrow(/longer than/);
  });
});

describe("a file step of a run", () => {
  const file = { path: "/etc/network/interfaces", was: digestOf(old), now: digestOf(next) };

  it("is refused where its manager writes no such file: the running system writes none", () => {
    const acts = () => actsOf({ remedy: "set-up", steps: [{ by: "runtime", file }] });
    expect(acts).toThrow(ChangeRefused);
    expect(acts).toThrow("runtime does not write /etc/network/interfaces");
    const odd = { by: "runtime", file: { ...file, bytes: "x" } } as never;
    expect(() => actsOf({ remedy: "set-up", steps: [odd] })).toThrow(ChangeRefused);
  });

  it("goes to the host as a script with parameters, under the run's own folder", async () => {
    const sent: (readonly string[])[] = [];
    const connection = {
      script: async (script: string, parameters: readonly string[]) => {
        sent.push([script === writeScript ? "write" : script === backScript ? "back" : "?", ...parameters]);
        return { exit: 0, stdout: "", stderr: "" };
      },
    } as unknown as HostConnection;
    const whose = { run: "r1", at: 2 };
    await runOn(connection, { file, text: next }, whose);
    await runOn(connection, { file }, whose);
    const folder = "/var/lib/taproot/undo/taproot-undo-r1";
    expect(sent).toEqual([
      ["write", file.path, file.was, file.now, folder, "2", base64(next)],
      ["back", file.path, file.was, file.now, folder, "2"],
    ]);
    expect([lineOf({ file, text: next }), lineOf({ file })]).toEqual([`write ${file.path}`, `restore ${file.path}`]);
  });

  it("is put back by the guard, last step first", () => {
    const up = ["ip", "link", "set", "dev", "br0", "down"] as const;
    expect(undoScript({ steps: [{ undo: up }, { undo: { file: { ...file, was: null } } }] })).toBe(
      `file 1 '${file.path}' 'absent' '${file.now}'\nstep 0 'ip' 'link' 'set' 'dev' 'br0' 'down'`,
    );
  });
});
