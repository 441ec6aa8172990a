import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Boundary, makeBoundary, webEnvironment } from "./boundary";
import { keepTlsCopies } from "./tls-copies";

let dir: string;
let product: string;
const made: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "taproot-boundary-"));
  chmodSync(dir, 0o755);
  product = join(dir, "product");
  for (const path of ["dist/web.js", ".next/BUILD_ID", "node_modules/next/package.json"]) {
    mkdirSync(dirname(join(product, path)), { recursive: true });
    writeFileSync(join(product, path), "{}");
  }
});
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
});

function boundary(data = join(dir, "data")): Boundary {
  const found = makeBoundary(data, product);
  if ("because" in found) throw new Error(found.because);
  made.push(dirname(found.bus));
  return found;
}

/** Runs a shell as the web process's user. */
const as = ({ user }: Boundary, script: string) =>
  spawnSync("/bin/sh", ["-c", script], { ...user, cwd: "/", encoding: "utf8" });

describe("what the web process is told by its environment", () => {
  it("is an allow-list: no agent, no key, nothing that nobody thought of", () => {
    const env = webEnvironment(
      {
        NODE_ENV: "test",
        LANG: "C.UTF-8",
        TAPROOT_PORT: "3000",
        TAPROOT_BUS: "/run/x/bus.sock",
        TAPROOT_KEY: "k",
        TAPROOT_KEY_FILE: "/k",
        TAPROOT_DATA: "/data",
        SSH_AUTH_SOCK: "/agent",
        HOME: "/root",
        NODE_OPTIONS: "--inspect",
        LD_PRELOAD: "/evil.so",
        AWS_SECRET_ACCESS_KEY: "s",
      },
      "/run/x/web",
    );
    expect(env).toEqual({
      NODE_ENV: "test",
      LANG: "C.UTF-8",
      TAPROOT_PORT: "3000",
      TAPROOT_BUS: "/run/x/bus.sock",
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: "/run/x/web",
      TMPDIR: "/run/x/web",
    });
  });
});

describe.runIf(process.getuid?.() === 0)("a user of its own, made by root", () => {
  it("is a number that nobody has, the same at each start, another for another data folder", () => {
    const first = boundary();
    const tables = readFileSync("/etc/passwd", "utf8") + readFileSync("/etc/group", "utf8");
    expect(first.user.uid).toBeGreaterThanOrEqual(61_184);
    expect(tables).not.toMatch(new RegExp(`:${first.user.uid}:`));
    expect(boundary()).toEqual(first);
    expect(boundary(join(dir, "other")).bus).not.toBe(first.bus);
  });

  it("owns one empty folder, reaches the place of the bus, and can neither list it nor put a socket of its own there", () => {
    const own = boundary();
    writeFileSync(own.bus, "");
    const folder = dirname(own.bus);
    expect([statSync(folder).uid, statSync(folder).mode & 0o777]).toEqual([0, 0o710]);
    expect([statSync(own.home).uid, statSync(own.home).mode & 0o777]).toEqual([own.user.uid, 0o700]);
    expect(as(own, `echo x > '${own.home}/mine' && cat '${own.home}/mine'`).stdout).toBe("x\n");
    expect(as(own, `test -e '${own.bus}'`).status).toBe(0);
    for (const forbidden of [
      `ls '${folder}'`,
      `rm -f '${own.bus}'`,
      `mv '${own.bus}' '${own.bus}2'`,
      `touch '${folder}/new'`,
    ])
      expect(as(own, forbidden).status, forbidden).not.toBe(0);
    expect(existsSync(own.bus)).toBe(true);
    expect(as(own, "id -G").stdout.trim()).toBe(String(own.user.gid));
  });

  it("is not made where it could not read the product, and says which file", () => {
    chmodSync(join(product, ".next"), 0o700);
    expect(makeBoundary(join(dir, "data"), product)).toEqual({
      because: expect.stringContaining(`cannot read ${join(product, ".next/BUILD_ID")}`),
    });
  });

  it("does not enter a folder that somebody else has put there, nor follow a link", () => {
    const own = boundary();
    const folder = dirname(own.bus);
    rmSync(folder, { recursive: true });
    const elsewhere = mkdtempSync(join(dir, "elsewhere-"));
    symlinkSync(elsewhere, folder);
    expect(() => makeBoundary(join(dir, "data"), product)).toThrow(/belongs to somebody else/);
    expect(statSync(elsewhere).mode & 0o777).toBe(0o700);
  });

  it("gets copies of certificate and key that it can read and cannot replace", async () => {
    const own = boundary();
    const [cert, key] = [join(dir, "cert.pem"), join(dir, "key.pem")];
    writeFileSync(cert, "one");
    writeFileSync(key, "secret", { mode: 0o600 });
    const copies = keepTlsCopies({ kind: "tls", cert, key }, own);
    if (!copies) throw new Error("no copies");
    try {
      const copy = copies.env.TAPROOT_TLS_KEY;
      expect([statSync(copy).uid, statSync(copy).mode & 0o777]).toEqual([0, 0o440]);
      for (const forbidden of [`rm -f '${copy}'`, `echo x > '${copy}'`, `ln -s /etc/shadow '${copy}.1'`])
        expect(as(own, forbidden).status, forbidden).not.toBe(0);
      expect(as(own, `cat '${copies.env.TAPROOT_TLS_KEY}'`).stdout).toBe("secret");
      expect(as(own, `cat '${key}'`).status).not.toBe(0);
      expect(() => keepTlsCopies({ kind: "tls", cert: "/none.pem", key }, own)).toThrow(
        "TLS certificate /none.pem: there is no such file",
      );
    } finally {
      copies.stop();
    }
  });
});
