import { generateKeyPairSync } from "node:crypto";
import type { AddressInfo } from "node:net";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Hop } from "@/lib/wire/rest";
import { dial, keyAlgorithms } from "./dial";
import { approvalLine, fingerprintOf, parseKnownHosts } from "./known-hosts";

/** Ways of asking that sshd without PAM does not have: ssh2's own server stands in. */
let server: ssh2.Server;
let fingerprint = "";
let port = 0;

beforeAll(async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  fingerprint = fingerprintOf(parsed.getPublicSSH());
  server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    client.on("error", () => undefined /* the client goes away in the middle, on purpose */);
    client.on("authentication", (context) => {
      if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
      const asks =
        context.username === "otp"
          ? [
              { prompt: "Password: ", echo: false },
              { prompt: "Code: ", echo: false },
            ]
          : [{ prompt: "Password: ", echo: context.username === "shown" }];
      context.prompt(asks, (answers) => {
        if (answers.length === 1 && answers[0] === "right") context.accept();
        else context.reject();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
});

function login(user: string, password: string) {
  const hop: Hop = { address: "127.0.0.1", port, user, login: { kind: "password", password } };
  const known = parseKnownHosts([approvalLine({ address: "127.0.0.1", port, fingerprint })]);
  return dial([hop], { known, timeoutMs: 5_000 });
}

describe("keyboard-interactive", () => {
  it("answers the one hidden question with the password", async () => {
    const dialled = await login("noc", "right");
    dialled.close("done");
    expect((await dialled.ended).message).toBe("done");
  });

  it("is turned down with a wrong password, and says what the host accepts", async () => {
    await expect(login("noc", "wrong-one")).rejects.toMatchObject({
      kind: "login",
      message: expect.stringContaining("keyboard-interactive"),
    });
    await expect(login("noc", "wrong-one")).rejects.toMatchObject({
      message: expect.not.stringContaining("wrong-one"),
    });
  });

  it("gives the password to no other question, and names what was asked", async () => {
    await expect(login("otp", "right")).rejects.toMatchObject({
      kind: "login",
      message: expect.stringContaining("Code: "),
    });
    await expect(login("shown", "right")).rejects.toMatchObject({ kind: "login" });
  });
});

describe("key algorithms", () => {
  it("begin with the types on record, and leave none out", () => {
    expect(keyAlgorithms(["ssh-rsa"]).slice(0, 2)).toEqual(["rsa-sha2-512", "rsa-sha2-256"]);
    expect(keyAlgorithms(["ssh-rsa"])).not.toContain("ssh-rsa");
    expect(keyAlgorithms(["ssh-rsa"])).toHaveLength(keyAlgorithms([]).length);
  });
});

describe("a server that insists on what is not taken", () => {
  const insisting = async (algorithms: ssh2.Algorithms) => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const one = new ssh2.Server({ hostKeys: [privateKey], algorithms }, (client) => {
      client.on("error", () => undefined /* the client refuses, on purpose */);
      client.on("authentication", (context) => context.accept());
    });
    await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    const at = (one.address() as AddressInfo).port;
    const hop: Hop = { address: "127.0.0.1", port: at, user: "noc", login: { kind: "password", password: "right" } };
    try {
      return await dial([hop], { known: parseKnownHosts([]), timeoutMs: 5_000 }).then(
        () => "connected",
        (error: unknown) => error,
      );
    } finally {
      one.close();
    }
  };

  it.each([
    ["compression", { compress: ["zlib@openssh.com"] }, /compression is never used here/],
    ["compression from the start", { compress: ["zlib"] }, /compression is never used here/],
    ["SHA-1 host keys", { serverHostKey: ["ssh-rsa"] }, /SHA-1 is not taken here/],
    [
      "SHA-1 MACs",
      { hmac: ["hmac-sha1", "hmac-sha1-etm@openssh.com"], cipher: ["aes256-ctr"] },
      /SHA-1 is not taken here/,
    ],
  ] as const)("is refused in words: %s", async (_what, algorithms, words) => {
    const failure = await insisting(algorithms as unknown as ssh2.Algorithms);
    expect(failure).toMatchObject({ name: "SshFailure", kind: "protocol", message: expect.stringMatching(words) });
  });
});
