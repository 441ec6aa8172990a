import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvalLine, fingerprintOf, hostName, judgeKey, knownTypes, parseKnownHosts, speaksOf } from "./known-hosts";

let folder = "";
const keys: { type: string; base64: string; blob: Buffer; fingerprint: string }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "taproot-known-"));
  for (const [at, type] of ["ed25519", "ed25519", "ecdsa"].entries()) {
    const file = join(folder, `key${at}`);
    execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", file]);
    const [keyType = "", base64 = ""] = readFileSync(`${file}.pub`, "utf8").trim().split(" ");
    const printed = execFileSync("ssh-keygen", ["-l", "-f", `${file}.pub`], { encoding: "utf8" }).split(" ")[1] ?? "";
    keys.push({ type: keyType, base64, blob: Buffer.from(base64, "base64"), fingerprint: printed });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function key(at: number) {
  const found = keys[at];
  if (!found) throw new Error(`no key ${at}`);
  return found;
}
const line = (names: string, at: number) => `${names} ${key(at).type} ${key(at).base64}`;

/** Whether OpenSSH's own tool finds the name in a file of this one line. */
function keygenFinds(text: string, name: string): boolean {
  const file = join(folder, "probe");
  writeFileSync(file, `${text}\n`);
  return spawnSync("ssh-keygen", ["-F", name, "-f", file], { encoding: "utf8" }).stdout.includes("found: line 1");
}

describe("known_hosts", () => {
  it("prints fingerprints as ssh-keygen does", () => {
    for (const { blob, fingerprint } of keys) expect(fingerprintOf(blob)).toBe(fingerprint);
  });

  it("finds what ssh-keygen -F finds, and nothing else", () => {
    const names = [
      "hv1",
      "hv1,10.0.0.1",
      "*.lab",
      "hv?,!hv2",
      "!hv1,*",
      "[hv1]:2222",
      "HV1",
      "[*]:2222",
      "10.0.0.*",
      "hv1*",
      "*",
    ];
    const asked: [string, number][] = [
      ["hv1", 22],
      ["hv2", 22],
      ["hv10", 22],
      ["hv1", 2222],
      ["hv1", 2223],
      ["10.0.0.1", 22],
      ["a.lab", 22],
      ["a.lab", 2222],
      ["Hv1", 22],
    ];
    for (const pattern of names)
      for (const [address, port] of asked) {
        const text = line(pattern, 0);
        const [entry] = parseKnownHosts([text]).entries;
        if (!entry) throw new Error(`not read: ${pattern}`);
        expect([pattern, address, port, speaksOf(entry, address, port)]).toEqual([
          pattern,
          address,
          port,
          keygenFinds(text, hostName(address, port)),
        ]);
      }
  });

  it("reads names that ssh-keygen -H hashed", () => {
    const file = join(folder, "hashed");
    writeFileSync(file, `${line("hv1", 0)}\n${line("[hv1]:2222", 1)}\n`);
    execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
    const known = parseKnownHosts([readFileSync(file, "utf8")]);
    expect(known.bad).toEqual([]);
    expect(judgeKey(known, "hv1", 22, key(0).blob).kind).toBe("known");
    expect(judgeKey(known, "HV1", 22, key(0).blob).kind).toBe("known");
    expect(judgeKey(known, "hv1", 2222, key(1).blob).kind).toBe("known");
    expect(judgeKey(known, "hv1", 2222, key(0).blob).kind).toBe("changed");
    expect(judgeKey(known, "hv2", 22, key(0).blob).kind).toBe("unknown");
  });

  it("names both fingerprints of a changed key, and says so for another type too", () => {
    const known = parseKnownHosts([line("hv1", 0)]);
    expect(judgeKey(known, "hv1", 22, key(1).blob)).toEqual({
      kind: "changed",
      known: key(0).fingerprint,
      knownType: "ssh-ed25519",
      sameType: true,
    });
    expect(judgeKey(known, "hv1", 22, key(2).blob)).toMatchObject({ kind: "changed", sameType: false });
  });

  it("lets a revoked key win over one on record", () => {
    const known = parseKnownHosts([line("hv1", 0), `@revoked ${line("*", 0)}`]);
    expect(judgeKey(known, "hv1", 22, key(0).blob).kind).toBe("revoked");
    expect(judgeKey(known, "hv1", 22, key(1).blob).kind).toBe("changed");
  });

  it("does not take a certificate authority's key for the host's own", () => {
    const known = parseKnownHosts([`@cert-authority ${line("*.lab", 0)}`]);
    expect(judgeKey(known, "a.lab", 22, key(0).blob)).toEqual({ kind: "unknown", authority: true });
    expect(judgeKey(known, "b", 22, key(0).blob)).toEqual({ kind: "unknown", authority: false });
  });

  it("takes an approved fingerprint for the key, with or without its type", () => {
    const approved = { address: "hv1", port: 2222, fingerprint: key(0).fingerprint };
    for (const text of [approvalLine({ ...approved, keyType: key(0).type }), approvalLine(approved)]) {
      const known = parseKnownHosts([text]);
      expect(judgeKey(known, "hv1", 2222, key(0).blob).kind).toBe("known");
      expect(judgeKey(known, "hv1", 2222, key(1).blob).kind).toBe("changed");
      expect(judgeKey(known, "hv1", 22, key(0).blob).kind).toBe("unknown");
    }
  });

  it("knows which types to ask for first", () => {
    const known = parseKnownHosts([line("hv1", 2), line("hv2", 0), `@revoked ${line("hv1", 0)}`]);
    expect(knownTypes(known, "hv1", 22)).toEqual(["ecdsa-sha2-nistp256"]);
  });

  it("names the lines it cannot read, and reads the rest", () => {
    const known = parseKnownHosts([
      "# comment",
      "",
      "hv1",
      "hv1 ssh-ed25519 AAAA",
      "|1|x hv ssh-ed25519 AAAA",
      "@odd h ssh-rsa A",
      line("hv1", 0),
    ]);
    expect(known.entries).toHaveLength(1);
    expect(known.bad).toHaveLength(4);
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ maxLength: 40 }), (text, address) => {
        const known = parseKnownHosts([text, `${text} ssh-ed25519 ${text}`]);
        judgeKey(known, address, 22, Buffer.from(text));
      }),
    );
  });

  it("is not slowed by a line of stars", () => {
    const known = parseKnownHosts([line(`${"*a".repeat(60)}*b`, 0)]);
    const before = performance.now();
    judgeKey(known, "a".repeat(255), 22, key(0).blob);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
