// Long: the command is bundled and the simulated hosts are started once for all of it.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ScanResult } from "@/lib/wire/scan";
import { Capture } from "@/server/collector/capture/format";
import { probesOverTime } from "@/server/collector/scan";
import { type Sim, type SimHost, startSim } from "@/server/sim/index";

const root = new URL("../../", import.meta.url).pathname;
const password = "correct horse";
/** Bundled as scripts/build.mjs does it, once: what is installed is what is tested, and each run starts in a fifth of the time. */
const bundle = join(root, "node_modules/.cache/taproot-cli-test", String(process.pid));
const command = join(bundle, "dist/cli.js");
let sim: Sim;
let dir: string;
const file = (name: string) => join(dir, name);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The real command in a process of its own, with an empty home: neither keys nor known hosts of this machine play a part. */
function taproot(args: readonly string[], then?: (child: ReturnType<typeof spawn>) => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { SSH_AUTH_SOCK: _agent, ...rest } = process.env;
    const child = spawn(process.execPath, [command, ...args], {
      cwd: root,
      env: { ...rest, HOME: dir },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString("utf8");
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
    then?.(child);
  });
}

const target = (host: SimHost) => `root@127.0.0.1:${host.port}`;
const at = (index: number): SimHost => {
  const host = sim.hosts[index];
  if (host === undefined) throw new Error(`no host ${index}`);
  return host;
};
const login = () => ["--sweeps", "1", "--password-file", file("password"), "--known-hosts", file("known_hosts")];
/** Nothing but progress, which a slow machine may show. */
const quiet = /^(?:\d+ of \d+ hosts, .*\n)*$/;
const json = (ended: Ended): ScanResult => ScanResult.parse(JSON.parse(ended.out));

const healthy = 0;
const broken = 1;
const hostile = 2;
const unknownKey = 3;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "taproot-cli-"));
  mkdirSync(bundle, { recursive: true });
  cpSync(join(root, "package.json"), join(bundle, "package.json"));
  await build({
    absWorkingDir: root,
    entryPoints: ["server/cli/main.ts"],
    outfile: command,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    alias: { "@": root },
  });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file("hop-key")]);
  const authorizedKeys = [readFileSync(file("hop-key.pub"), "utf8").trim()];
  sim = await startSim({ hosts: 4, guests: 6, seed: 11, password, authorizedKeys });
  writeFileSync(file("password"), `${password}\n`);
  const lines = sim.knownHosts();
  writeFileSync(file("known_hosts"), `${lines.slice(0, unknownKey).join("\n")}\n`);
  at(broken).setCarrier("nic0", false);
  at(broken).setCarrier("nic1", false);
  at(hostile).machine.addGuest("evil\x1b]0;owned\x07\x1b[2J\u202etxt");
  at(hostile).detachTap("evil\x1b]0;owned\x07\x1b[2J\u202etxt");
  at(hostile).machine.setAdmin(at(hostile).machine.tap("evil\x1b]0;owned\x07\x1b[2J\u202etxt").name, false);
  at(hostile).machine.rename("br120", "br\x1b[31m");
});

afterAll(async () => {
  await sim.stop();
  rmSync(dir, { recursive: true });
  rmSync(bundle, { recursive: true });
});

describe("taproot scan", () => {
  it("exits 0 where nothing fails", async () => {
    const ended = await taproot(["scan", target(at(healthy)), ...login()]);
    expect(ended).toMatchObject({ code: 0, err: expect.stringMatching(quiet) });
    expect(ended.out).toContain("nothing fails");
    expect(ended.out).not.toContain("\x1b");
  });

  it("exits 1 where something fails, and says what, what it impacts, how it was seen and what to do", async () => {
    const ended = await taproot(["scan", target(at(broken)), ...login()]);
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/^FAIL {2}/m);
    expect(ended.out).toMatch(/^ {2}impacts {2}\d+ guests: /m);
    expect(ended.out).toMatch(/^ {2}seen by {2}/m);
    expect(ended.out).toMatch(/^ {2}repair {3}/m);
  });

  it("prints JSON that fits the documented schema, and nothing else", async () => {
    const ended = await taproot(["scan", "--json", target(at(healthy)), target(at(broken)), ...login()]);
    expect(ended.code).toBe(1);
    const result = json(ended);
    expect(result.hosts.map((host) => host.state)).toEqual(["live", "live"]);
    expect(new Set(result.hosts.map((host) => host.id)).size).toBe(2);
    expect(result.nodes.filter((node) => node.kind === "vm")).toHaveLength(12);
    expect(result.findings.map((finding) => finding.check)).toContain("nic-no-carrier");
    expect(result.findings.some((finding) => finding.impacts.length > 0)).toBe(true);
    const ids = new Set([...result.nodes, ...result.edges].map((entry) => entry.id));
    for (const finding of result.findings) expect(ids).toContain(finding.subject);
  });

  it("reads a second time what is compared over time", async () => {
    const sweeps = async (args: readonly string[]) => {
      await taproot(["capture", target(at(healthy)), ...login(), ...args, "-o", file("s.json")]);
      const value: unknown = JSON.parse(readFileSync(file("s.json"), "utf8"));
      return Capture.parse(value).sweeps.map((sweep) => sweep.map((probe) => probe.id));
    };
    const [first, second = [], ...more] = await sweeps(["--sweeps", "2", "--interval", "0.1"]);
    expect(more).toEqual([]);
    expect(second).toEqual(probesOverTime().map((probe) => probe.id));
    for (const id of second) expect(first).toContain(id);
  });

  it("keeps to --only", async () => {
    const ended = await taproot(["scan", "--json", "--only", "bond-member-down", target(at(broken)), ...login()]);
    expect(new Set(json(ended).findings.map((finding) => finding.check))).not.toContain("nic-no-carrier");
    expect(await taproot(["scan", "--only", "no-such", target(at(broken)), ...login()])).toMatchObject({
      code: 2,
      out: "",
    });
  });

  it("judges by other thresholds, a live host and a capture of it alike", async () => {
    // Eleven guests are one per cent of the neighbour table.
    for (let guest = 1; guest <= 11; guest++) at(hostile).machine.addGuest(`crowd-${guest}`);
    const limit = ["--only", "neighbour-table-overflow", "--setting", "neighbour-table-overflow.warn=1"];
    const looking = [target(at(hostile)), ...login()];
    const usual = json(await taproot(["scan", ...looking, "--json", ...limit.slice(0, 2)]));
    expect(usual.findings).toEqual([]);
    const strict = json(await taproot(["scan", ...looking, "--json", ...limit]));
    expect(strict.findings).toMatchObject([{ status: "warn", thresholds: { warn: 1 } }]);
    await taproot(["capture", ...looking, "-o", file("limit.json.gz")]);
    const played = await taproot(["scan", "--capture", file("limit.json.gz"), ...limit]);
    expect(played.out).toMatch(/^ {2}limits {3}.*neighbour-table-overflow\.warn = 1 % \(default 90\)$/m);
  });

  it("refuses a threshold that there is not, and looks at nobody", async () => {
    const ended = await taproot(["scan", target(at(healthy)), ...login(), "--setting", "nic-flapping.loses=2"]);
    expect(ended).toEqual({
      code: 2,
      out: "",
      err: 'taproot: --setting nic-flapping.loses=2: nic-flapping has no threshold "loses": it has losses, window\n',
    });
    expect((await taproot(["checks", "nic-flapping"])).out).toContain("  nic-flapping.losses=4  ");
  });

  it("exits 2 for a host that cannot be reached, names it, and still shows the others", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
    await new Promise((resolve) => server.close(resolve));
    const ended = await taproot(["scan", `root@127.0.0.1:${port}`, target(at(broken)), ...login()]);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain("connection refused");
    expect(ended.out).toContain("could not look at");
    expect(ended.out).toContain("nic-no-carrier");
  });

  it("exits 2 for a wrong password", async () => {
    writeFileSync(file("wrong"), "nope\n");
    const ended = await taproot([
      "scan",
      target(at(healthy)),
      "--password-file",
      file("wrong"),
      "--known-hosts",
      file("known_hosts"),
    ]);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain("login turned down");
    expect(ended.err).toContain("user root");
  });

  it("shows what a host calls its things with control characters made visible", async () => {
    const ended = await taproot(["scan", target(at(hostile)), ...login()]);
    expect(ended.out + ended.err).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    const plain = await taproot(["scan", "--json", target(at(hostile)), ...login()]);
    expect(plain.out).not.toContain("\x1b");
    expect(json(plain).nodes.map((node) => node.name)).toContain("evil\x1b]0;owned\x07\x1b[2J\u202etxt");
  });
});

describe("host keys", () => {
  it("unknown: shows the fingerprint, and how to take it", async () => {
    const host = at(unknownKey);
    const ended = await taproot(["scan", target(host), ...login()]);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain(`--accept-host-key ${host.key.fingerprint}`);
    expect(ended.out).not.toContain("nothing fails");
  });

  it("taken when its fingerprint is named, and only that one", async () => {
    const host = at(unknownKey);
    const other = await taproot(["scan", target(host), ...login(), "--accept-host-key", at(0).key.fingerprint]);
    expect(other.code).toBe(2);
    const ended = await taproot(["scan", target(host), ...login(), "--accept-host-key", host.key.fingerprint]);
    expect(ended.code).toBe(0);
  });

  it("changed: refused aloud, whatever is named", async () => {
    const host = at(unknownKey);
    writeFileSync(file("old"), `[127.0.0.1]:${host.port} ${at(0).key.publicLine}\n`);
    const ended = await taproot([
      "scan",
      target(host),
      "--password-file",
      file("password"),
      "--known-hosts",
      file("old"),
      "--accept-host-key",
      host.key.fingerprint,
    ]);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain("THE HOST KEY IS NOT THE ONE ON RECORD");
    expect(ended.err).toContain(`ssh-keygen -R '[127.0.0.1]:${host.port}'`);
  });

  it("a fingerprint that is none is a mistake, told as one", async () => {
    const ended = await taproot(["scan", target(at(0)), ...login(), "--accept-host-key", "MD5:aa"]);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toContain("--accept-host-key MD5:aa");
  });
});

describe("ssh_config and inventories", () => {
  it("reads a name of ssh_config, with its port, user and jump host", async () => {
    writeFileSync(
      file("ssh_config"),
      `Host kvm\n HostName 127.0.0.1\n Port ${at(healthy).port}\n User root\n UserKnownHostsFile ${file("known_hosts")}\n`,
    );
    const ended = await taproot([
      "scan",
      "kvm",
      "--ssh-config",
      file("ssh_config"),
      "--password-file",
      file("password"),
      "--json",
    ]);
    expect(ended.code).toBe(0);
    expect(json(ended).hosts[0]).toMatchObject({ id: "kvm", name: "kvm", address: `127.0.0.1:${at(healthy).port}` });
  });

  it("passes through jump hosts, each with its own key verified", async () => {
    const [gate, host] = [at(unknownKey), at(healthy)];
    const through = [target(host), ...login(), "--jump", `root@127.0.0.1:${gate.port}`];
    // The password is the host's: a jump host has to have a login of its own, and is not even dialled without.
    const without = await taproot(["scan", ...through]);
    expect(without).toMatchObject({ code: 2, out: "" });
    expect(without.err).toContain("the jump host 127.0.0.1 needs a login of its own");
    mkdirSync(file(".ssh"), { recursive: true });
    writeFileSync(file(".ssh/id_ed25519"), readFileSync(file("hop-key")), { mode: 0o600 });
    const refused = await taproot(["scan", ...through]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(`jump host root@127.0.0.1:${gate.port}`);
    expect(refused.err).toContain(`--accept-host-key ${gate.key.fingerprint}`);
    const ended = await taproot(["scan", "--json", ...through, "--accept-host-key", gate.key.fingerprint]);
    expect(ended.code).toBe(0);
    expect(json(ended).hosts[0]).toMatchObject({ state: "live", address: `127.0.0.1:${host.port}` });
    rmSync(file(".ssh/id_ed25519"));
  });

  it("reads hosts from a file", async () => {
    writeFileSync(file("hosts"), `# both\n${target(at(healthy))} name=good\n${target(at(broken))} name=bad\n`);
    const ended = await taproot(["scan", "--inventory", file("hosts"), ...login(), "--json"]);
    expect(ended.code).toBe(1);
    expect(json(ended).hosts.map((host) => host.id)).toEqual(["good", "bad"]);
  });

  it("names file and line of what it cannot read", async () => {
    writeFileSync(file("bad"), "kvm1\nkvm2:port\n");
    const ended = await taproot(["scan", "--inventory", file("bad"), ...login()]);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toContain(`${file("bad")}:2: "kvm2:port"`);
  });
});

describe("captures", () => {
  it("give the same findings as the host itself", async () => {
    const recorded = await taproot(["capture", target(at(broken)), ...login(), "-o", file("c.json.gz")]);
    expect(recorded.code).toBe(0);
    expect(recorded.err).toContain("scrubbed: nothing that looks like a secret was found");
    const live = json(await taproot(["scan", "--json", target(at(broken)), ...login()]));
    const played = await taproot(["scan", "--json", "--capture", file("c.json.gz")]);
    expect(played.code).toBe(1);
    const replay = json(played);
    expect(replay.findings).toEqual(live.findings);
    expect(replay.edges).toEqual(live.edges);
    expect(replay.nodes.map(({ id, status }) => ({ id, status }))).toEqual(
      live.nodes.map(({ id, status }) => ({ id, status })),
    );
  });

  it("hold no secret that the host let slip, and say what was taken out", async () => {
    const { kernelLog } = at(hostile).machine.state;
    kernelLog.push({ at: 5, priority: 6, text: "Command line: root=/dev/sda1 token=hunter2 quiet" });
    at(hostile).machine.change(() => undefined);
    const recorded = await taproot(["capture", target(at(hostile)), ...login(), "-o", file("secret.json")]);
    expect(recorded.err).toContain("scrubbed: 1 x password, key or token");
    const text = readFileSync(file("secret.json"), "utf8");
    expect(text).not.toContain("hunter2");
    expect(text).toContain("token=[scrubbed] quiet");
    expect((await taproot(["scan", "--capture", file("secret.json")])).out).not.toContain("garbled");
  });

  it("keep hostile names byte for byte", async () => {
    await taproot(["capture", target(at(hostile)), ...login(), "-o", file("h.json")]);
    const replay = json(await taproot(["scan", "--json", "--capture", file("h.json")]));
    expect(replay.nodes.map((node) => node.name)).toContain("evil\x1b]0;owned\x07\x1b[2J\u202etxt");
  });

  it("that are cut, garbled, of another version or no captures at all are refused by name", async () => {
    await taproot(["capture", target(at(healthy)), ...login(), "-o", file("v.json.gz")]);
    const whole = readFileSync(file("v.json.gz"));
    const value: unknown = JSON.parse(gunzipSync(whole).toString("utf8"));
    const version9 = gzipSync(JSON.stringify({ ...(value as object), version: 9 }));
    const cases: [string, Buffer, string][] = [
      ["cut.gz", whole.subarray(0, whole.length / 2), "cut or damaged"],
      [
        "flipped.gz",
        Buffer.concat([whole.subarray(0, 200), Buffer.from([1, 2, 3]), whole.subarray(203)]),
        "cut or damaged",
      ],
      ["cut.json", gunzipSync(whole).subarray(0, 5000), "cut or damaged"],
      ["empty", Buffer.alloc(0), "the file is empty"],
      ["nine", version9, "version 9"],
      ["other", Buffer.from('{"hello":1}'), "no capture of taproot"],
      ["half", Buffer.from('{"format":"taproot-capture","version":1}'), "takenAt"],
    ];
    for (const [name, bytes, message] of cases) {
      writeFileSync(file(name), bytes);
      const ended = await taproot(["scan", "--capture", file(name)]);
      expect(ended, name).toMatchObject({ code: 2, out: "" });
      expect(ended.err).toContain(file(name));
      expect(ended.err).toContain(message);
    }
  }, 60_000);
});

describe("the command", () => {
  it("explains a check in both languages, and refuses one that is not there", async () => {
    expect((await taproot(["checks"])).out).toContain("nic-no-carrier");
    expect((await taproot(["checks", "nic-no-carrier", "--lang", "zh"])).out).toMatch(/[\u4e00-\u9fff]/);
    expect(await taproot(["checks", "no-such"])).toMatchObject({ code: 2, out: "" });
  });

  it("helps, and tells its version", async () => {
    const help = await taproot(["scan", "--help"]);
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toContain("Examples:");
    expect((await taproot(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await taproot(["scna"])).code).toBe(2);
    expect((await taproot(["scan", "--no-such"])).code).toBe(2);
    expect((await taproot(["scan"])).code).toBe(2);
  });

  it("ends with 130 on Ctrl-C", async () => {
    at(healthy).spoil("ip-link", "stuck");
    try {
      let started = 0;
      const ended = await taproot(["scan", target(at(healthy)), ...login()], (child) => {
        // Its first word of progress: by then it waits for the host.
        child.stderr?.once("data", () => {
          started = Date.now();
          child.kill("SIGINT");
        });
      });
      expect(ended.code).toBe(130);
      // Well before the limit of the probe that hangs.
      expect(Date.now() - started).toBeLessThan(10_000);
    } finally {
      at(healthy).spoil("ip-link", "well");
    }
  });

  it("ends quietly when nobody reads its output any more", async () => {
    const ended = await taproot(["scan", "--json", target(at(healthy)), ...login()], (child) =>
      child.stdout?.destroy(),
    );
    expect(ended.err).toBe("");
  });

  it("gives up on a host that hangs", async () => {
    at(healthy).spoil("ip-link", "stuck");
    try {
      const ended = await taproot(["scan", target(at(healthy)), ...login(), "--timeout", "2"]);
      expect(ended.code).toBe(2);
      expect(ended.err).toContain("not done within 2 s");
    } finally {
      at(healthy).spoil("ip-link", "well");
    }
  });
});
