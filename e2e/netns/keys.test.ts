import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "@/server/collector/ssh/connect";
import { approvalLine } from "@/server/collector/ssh/known-hosts";
import { linkHosts, makeHost, type NetnsHost } from "./host";
import { book, failureOf, reach, specOf } from "./support";

let host: NetnsHost;
beforeAll(async () => {
  host = await makeHost({ name: "keys", keyTypes: ["ed25519", "ecdsa", "rsa"] });
});
afterAll(() => host?.dispose());

/** The known_hosts line of one of the host's keys. */
const lineOf = (type: string) => host.ssh.knownHosts.split("\n").find((line) => line.includes(type)) ?? "";

describe("host keys", () => {
  it("asks about a new key, with the fingerprint that OpenSSH prints, and connects once it is approved", async () => {
    const failure = await failureOf(connect(specOf(host), book()));
    expect(failure.kind).toBe("key-unknown");
    expect(failure.question).toEqual({
      address: host.ssh.address,
      port: host.ssh.port,
      keyType: "ssh-ed25519",
      fingerprint: host.ssh.fingerprint,
    });
    const { question } = failure;
    if (!question) throw new Error("no question");
    const connection = await connect(specOf(host), book(approvalLine(question)));
    expect(connection.root).toBe("direct");
    connection.close();
  });

  it.each(["ssh-rsa", "ecdsa-sha2-nistp256"])("asks for the key type on record first: %s", async (type) => {
    const connection = await connect(specOf(host), book(lineOf(type)));
    connection.close();
  });

  it("reads a known_hosts that ssh-keyscan wrote and ssh-keygen -H hashed", async () => {
    const file = join(host.folder, "known");
    writeFileSync(
      file,
      execFileSync("ssh-keyscan", ["-t", "ed25519", host.ssh.address], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    );
    execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/^\|1\|/m);
    const connection = await connect(specOf(host), book(text));
    connection.close();
  });

  it("refuses a revoked key", async () => {
    const revoked = host.ssh.knownHosts.split("\n").map((line) => `@revoked ${line}`);
    const failure = await failureOf(connect(specOf(host), book(host.ssh.knownHosts, ...revoked)));
    expect(failure.kind).toBe("key-revoked");
    expect(failure.message).toMatch(/REVOKED/);
  });

  it("refuses where only a certificate authority is on record, and says why", async () => {
    const failure = await failureOf(connect(specOf(host), book(`@cert-authority ${lineOf("ssh-ed25519")}`)));
    expect(failure.kind).toBe("key-unknown");
    expect(failure.message).toMatch(/certificate/);
  });

  it("refuses a changed key, loudly, naming both fingerprints", async () => {
    const [before, line] = [host.ssh.fingerprint, host.ssh.knownHosts];
    await host.rekey();
    const failure = await failureOf(connect(specOf(host), book(line)));
    expect(failure.kind).toBe("key-changed");
    expect(failure.message).toContain("HOST KEY CHANGED");
    expect(failure.message).toContain(before);
    expect(failure.message).toContain(host.ssh.fingerprint);
    expect(failure.question).toMatchObject({ fingerprint: host.ssh.fingerprint, known: before });
    (await reach(host)).close();
  });
});

describe("jump hosts", () => {
  it("goes through two, and verifies every key by itself", async () => {
    const [one, two] = await Promise.all([makeHost({ name: "hop1" }), makeHost({ name: "hop2" })]);
    try {
      const twoAt = await linkHosts(one, two);
      const hostAt = await linkHosts(two, host);
      const at = (hop: NetnsHost, address: string) => ({
        address,
        port: hop.ssh.port,
        user: hop.ssh.user,
        login: { kind: "key" as const, privateKey: hop.ssh.privateKey },
      });
      const spec = specOf(host, { address: hostAt, jump: [at(one, one.ssh.address), at(two, twoAt)] });
      const lines = [
        one.ssh.knownHosts,
        two.ssh.knownHosts.replaceAll(two.ssh.address, twoAt),
        host.ssh.knownHosts.replaceAll(host.ssh.address, hostAt),
      ];
      const connection = await connect(spec, book(...lines));
      expect((await connection.run(["echo", "through"])).stdout).toBe("through\n");
      connection.close();

      const hop2 = `root@${twoAt}:${two.ssh.port}`;
      const before = two.ssh.fingerprint;
      await two.rekey();
      const changed = await failureOf(connect(spec, book(...lines)));
      expect(changed).toMatchObject({ kind: "key-changed", hop: hop2 });
      expect(changed.question).toMatchObject({
        address: twoAt,
        known: before,
        fingerprint: two.ssh.fingerprint,
      });

      const unknown = await failureOf(connect(spec, book(lines[0] ?? "", lines[2] ?? "")));
      expect(unknown).toMatchObject({ kind: "key-unknown", hop: hop2 });

      await two.stopSshd();
      const down = await failureOf(connect(spec, book(...lines)));
      expect(down).toMatchObject({ kind: "jump", hop: hop2 });
      expect(await failureOf(connect({ ...spec, jump: spec.jump.slice(0, 1), port: 9 }, book(...lines)))).toMatchObject(
        {
          kind: "unreachable",
        },
      );
    } finally {
      await Promise.all([one.dispose(), two.dispose()]);
    }
  });
});
