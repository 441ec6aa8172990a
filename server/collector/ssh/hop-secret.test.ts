import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HostSpec } from "@/lib/wire/rest";
import { connect } from "./connect";
import { approvalLine, fingerprintOf } from "./known-hosts";

/** A jump host in foul hands: it takes whatever it is offered, and writes it down. sshd would not tell, so ssh2's own server stands in. */
const offered: { readonly method: string; readonly user: string; readonly password?: string }[] = [];
let server: ssh2.Server;
let port = 0;
let line = "";
let folder = "";

beforeAll(async () => {
  const form = { privateKeyEncoding: { type: "pkcs1", format: "pem" } } as const;
  const pair = () =>
    generateKeyPairSync("rsa", { modulusLength: 2048, ...form, publicKeyEncoding: { type: "spki", format: "pem" } });
  const hostKey = pair().privateKey;
  folder = mkdtempSync(join(tmpdir(), "taproot-foul-hop-"));
  writeFileSync(join(folder, "hop"), pair().privateKey, { mode: 0o600 });
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;
  server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on("error", () => undefined /* the line is cut in the middle, on purpose */);
    client.on("authentication", (context) => {
      const { method, username: user } = context;
      offered.push({ method, user, ...(context.method === "password" ? { password: context.password } : {}) });
      if (method === "none") return context.reject(["password", "publickey"]);
      context.accept();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  line = approvalLine({ address: "127.0.0.1", port, fingerprint: fingerprintOf(parsed.getPublicSSH()) });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

it("a jump host of ssh_config is offered its own key, never the password of the host behind it", async () => {
  const spec = HostSpec.parse({
    id: "h",
    address: "hv1",
    user: "root",
    login: { kind: "password", password: "hypervisor-secret" },
    sudo: { kind: "password", password: "hypervisor-secret" },
  });
  const config = (identity: string) =>
    `Host hv1\n  HostName 192.0.2.1\n  ProxyJump ops@gate\nHost gate\n  HostName 127.0.0.1\n  Port ${port}\n${identity}`;
  const reach = (identity: string) =>
    connect(spec, { lines: () => [line] }, { sshConfig: config(identity), connectTimeoutMs: 5_000 });
  await expect(reach(`  IdentityFile ${join(folder, "hop")}\n`)).rejects.toMatchObject({ name: "SshFailure" });
  expect(offered.map(({ method, user }) => `${user} ${method}`)).toContain("ops publickey");
  // Without a key of its own it is given an agent or a usual key, or nobody calls at all.
  await expect(reach("")).rejects.toMatchObject({ name: "SshFailure" });
  expect(JSON.stringify(offered)).not.toContain("hypervisor-secret");
  expect(offered.map(({ method }) => method)).not.toContain("password");
});
