// Long: one host in a namespace: its links, its sshd and its end belong together.
/**
 * Namespace hosts: real Linux network stacks with a real sshd, made and removed in well under a second. For tests and for `npm run bench`.
 *
 * ```ts
 * const host = await makeHost({ name: "a" });
 * host.ssh                       // { address, port, user, privateKey, fingerprint, knownHosts }
 * await host.exec(["ip", "link"]) // in the host's namespace, as root
 * await host.dispose()
 * ```
 *
 * What a host looks like, like a small hypervisor:
 *
 *     root namespace            the host's namespace                  its switch
 *     tpXXm ---- veth ---- mgmt0   br0 -- uplink0 ---- veth ---- port0
 *     169.254.x.1/30       169.254.x.2     \-- tap0, tap1 ...
 *
 * sshd runs under `ip netns exec`, which mounts a fresh /sys, so /sys/class/net shows the namespace's own interfaces. The management link is
 * a veth with link-local addresses (169.254.0.0/16) that the run itself makes; no other traffic leaves the machine. Needs root.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

export interface Executed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in the root namespace; throws with its stderr when it fails. */
export async function must(argv: readonly string[], timeoutMs = 20_000): Promise<string> {
  const done = await run(argv, timeoutMs);
  if (done.status !== 0) throw new Error(`${argv.join(" ")}: status ${done.status}: ${done.stderr || done.stdout}`);
  return done.stdout;
}

/** Runs a command in the root namespace, bounded, and gives its status. Output is Latin-1: one char a byte. */
export async function run(argv: readonly string[], timeoutMs = 20_000): Promise<Executed> {
  const [file, ...args] = argv;
  if (file === undefined) throw new Error("no command");
  try {
    const done = await execFileAsync(file, args, {
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      encoding: "latin1",
      maxBuffer: 64e6,
    });
    return { status: 0, ...done };
  } catch (error) {
    const failed = error as { code?: number | string; stdout?: string; stderr?: string; message: string };
    return {
      status: typeof failed.code === "number" ? failed.code : 255,
      stdout: failed.stdout ?? "",
      stderr: failed.stderr || failed.message,
    };
  }
}

export interface SshAccess {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** OpenSSH PEM text. */
  readonly privateKey: string;
  readonly privateKeyFile: string;
  /** "SHA256:..." of the host's Ed25519 key as it is now. */
  readonly fingerprint: string;
  /** known_hosts line of that key. */
  readonly knownHosts: string;
}

export interface HostOptions {
  /** For messages; the namespace's own name is made unique. */
  readonly name: string;
  /** TAPs on br0, named tap0... Default 2. They show NO-CARRIER, as nobody opens them. */
  readonly taps?: number;
  /** Login user; default root. Any other must exist: see makeUser. */
  readonly user?: string;
  /** More lines for sshd_config, before the harness's own (the first wins). */
  readonly sshdConfig?: readonly string[];
  /** Host key types. Default ed25519 only. */
  readonly keyTypes?: readonly ("ed25519" | "ecdsa" | "rsa")[];
}

export interface NetnsHost {
  readonly name: string;
  /** Name of the network namespace. */
  readonly namespace: string;
  /** Namespace that plays the physical switch; `port0` in it is the far end of `uplink0`. */
  readonly switchNamespace: string;
  readonly ssh: SshAccess;
  /** Folder of keys and config, removed by dispose. */
  readonly folder: string;
  /** Runs argv as root in the host's namespace. Never throws for a status. */
  exec(argv: readonly string[], timeoutMs?: number): Promise<Executed>;
  /** As exec, and throws when the status is not 0. */
  must(argv: readonly string[], timeoutMs?: number): Promise<string>;
  /** Pids of the listening sshd and all that descends from it. */
  sshdPids(): Promise<number[]>;
  /** Processes below the listening sshd, with their command lines; for "nothing is left running". */
  processes(): Promise<{ readonly pid: number; readonly command: string }[]>;
  /** Processes in the host's network namespace that are not sshd: what a dropped connection may have left. */
  strays(): Promise<{ readonly pid: number; readonly command: string }[]>;
  /** Ends sshd and every session of it. */
  stopSshd(): Promise<void>;
  startSshd(): Promise<void>;
  /** SIGSTOP (`stop`) or SIGCONT to sshd and all below it: a host that hangs. */
  freeze(how: "stop" | "continue"): Promise<void>;
  /** Gives the host new keys and restarts sshd; `ssh.fingerprint` is the new one then. */
  rekey(): Promise<void>;
  /** Removes namespaces, processes and files. Safe to call twice. */
  dispose(): Promise<void>;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Proc {
  readonly pid: number;
  readonly ppid: number;
}

async function allProcesses(): Promise<Proc[]> {
  const { stdout } = await run(["sh", "-c", "cat /proc/[0-9]*/stat 2>/dev/null; :"]);
  const found: Proc[] = [];
  for (const line of stdout.split("\n")) {
    const match = /^(\d+) \(.*\) \S (\d+) /.exec(line);
    if (match) found.push({ pid: Number(match[1]), ppid: Number(match[2]) });
  }
  return found;
}

async function below(pid: number): Promise<number[]> {
  const all = await allProcesses();
  const found = [pid];
  for (let at = 0; at < found.length; at++)
    for (const proc of all) if (proc.ppid === found[at] && !found.includes(proc.pid)) found.push(proc.pid);
  return found;
}

async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
  return text.replaceAll("\0", " ").trim();
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      // It went away by itself meanwhile, which is what a signal is for here.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

let nextSubnet = Math.floor(Math.random() * 16_000);

/** A /30 out of 169.254.0.0/16 that no interface of the root namespace has. */
export async function freeSubnet(): Promise<{ ours: string; theirs: string }> {
  const { stdout } = await run(["ip", "-o", "-4", "addr", "show"]);
  for (let tries = 0; tries < 16_000; tries++) {
    nextSubnet = (nextSubnet + 1) % 16_000;
    const base = 256 + nextSubnet * 4;
    const text = (last: number) => `169.254.${(base + last) >> 8}.${(base + last) & 255}`;
    if (!stdout.includes(` ${text(1)}/`)) return { ours: text(1), theirs: text(2) };
  }
  throw new Error("no free link-local subnet");
}

/** Makes a host and waits until its sshd listens. Throws, and leaves nothing behind, when a step fails. */
export async function makeHost(options: HostOptions): Promise<NetnsHost> {
  const tag = `tp${randomBytes(3).toString("hex")}`;
  const namespace = `${tag}h`;
  const switchNamespace = `${tag}s`;
  const folder = await mkdtemp(join(tmpdir(), `taproot-netns-${options.name}-`));
  const host = new Host(options, tag, namespace, switchNamespace, folder);
  try {
    await host.build();
    return host;
  } catch (error) {
    await host.dispose();
    throw error;
  }
}

class Host implements NetnsHost {
  readonly name: string;
  ssh: SshAccess;
  #sshd: ChildProcess | undefined;
  #log = "";
  #disposed = false;

  constructor(
    private readonly options: HostOptions,
    private readonly tag: string,
    readonly namespace: string,
    readonly switchNamespace: string,
    readonly folder: string,
  ) {
    this.name = options.name;
    this.ssh = {
      address: "",
      port: 22,
      user: options.user ?? "root",
      privateKey: "",
      privateKeyFile: join(folder, "user"),
      fingerprint: "",
      knownHosts: "",
    };
  }

  async build(): Promise<void> {
    const { ours, theirs } = await freeSubnet();
    this.ssh = { ...this.ssh, address: theirs };
    const [h, s, m] = [this.namespace, this.switchNamespace, `${this.tag}m`];
    const taps = Array.from({ length: this.options.taps ?? 2 }, (_, at) => `tap${at}`);
    await must([
      "sh",
      "-ec",
      `ip netns add ${h}; ip netns add ${s}
ip link add ${m} type veth peer name mgmt0 netns ${h}
ip addr add ${ours}/30 dev ${m}; ip link set ${m} up
ip -n ${h} link add uplink0 type veth peer name port0 netns ${s}
ip netns exec ${h} ip -batch - <<'END'
link set lo up
addr add ${theirs}/30 dev mgmt0
link set mgmt0 up
link add br0 type bridge
link set br0 up
link set uplink0 up
link set uplink0 master br0
${taps.map((tap) => `tuntap add ${tap} mode tap\nlink set ${tap} up\nlink set ${tap} master br0`).join("\n")}
END
ip -n ${s} link set port0 up`,
    ]);
    await must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "netns", "-f", this.ssh.privateKeyFile]);
    this.ssh = { ...this.ssh, privateKey: await readFile(this.ssh.privateKeyFile, "utf8") };
    await writeFile(join(this.folder, "authorized_keys"), await readFile(`${this.ssh.privateKeyFile}.pub`));
    await must(["chmod", "755", this.folder]);
    await this.#makeHostKeys();
    await this.#writeConfig();
    await this.startSshd();
  }

  get #keyTypes(): readonly string[] {
    return this.options.keyTypes ?? ["ed25519"];
  }

  async #makeHostKeys(): Promise<void> {
    const lines: string[] = [];
    let fingerprint = "";
    for (const type of this.#keyTypes) {
      const file = join(this.folder, `host_${type}`);
      await rm(file, { force: true });
      await must(["ssh-keygen", "-q", "-t", type, "-N", "", "-C", "", "-f", file]);
      const [, printed] = (await must(["ssh-keygen", "-l", "-f", `${file}.pub`])).split(" ");
      if (type === "ed25519" || fingerprint === "") fingerprint = printed ?? "";
      lines.push((await readFile(`${file}.pub`, "utf8")).trim());
    }
    const name = this.ssh.port === 22 ? this.ssh.address : `[${this.ssh.address}]:${this.ssh.port}`;
    this.ssh = { ...this.ssh, fingerprint, knownHosts: lines.map((line) => `${name} ${line}`).join("\n") };
  }

  async #writeConfig(): Promise<void> {
    const lines = [
      ...(this.options.sshdConfig ?? []),
      // All addresses of the namespace: it has none that the machine itself has.
      `ListenAddress 0.0.0.0:${this.ssh.port}`,
      ...this.#keyTypes.map((type) => `HostKey ${join(this.folder, `host_${type}`)}`),
      `AuthorizedKeysFile ${join(this.folder, "authorized_keys")}`,
      `PidFile ${join(this.folder, "sshd.pid")}`,
      "PermitRootLogin yes",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "UsePAM no",
      "StrictModes no",
      "LogLevel VERBOSE",
      "MaxStartups 100",
      "MaxSessions 10",
    ];
    await writeFile(join(this.folder, "sshd_config"), `${lines.join("\n")}\n`);
  }

  async startSshd(): Promise<void> {
    mkdirSync("/run/sshd", { recursive: true });
    const sshd = spawn(
      "ip",
      ["netns", "exec", this.namespace, "/usr/sbin/sshd", "-D", "-e", "-f", join(this.folder, "sshd_config")],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#sshd = sshd;
    sshd.stderr?.on("data", (bytes: Buffer) => {
      this.#log = (this.#log + bytes.toString("latin1")).slice(-20_000);
    });
    for (let tries = 0; tries < 200; tries++) {
      if (sshd.exitCode !== null) throw new Error(`sshd of ${this.name} ended: ${this.#log}`);
      if (await listens(this.ssh.address, this.ssh.port)) return;
      await sleep(20);
    }
    throw new Error(`sshd of ${this.name} does not listen: ${this.#log}`);
  }

  exec(argv: readonly string[], timeoutMs?: number): Promise<Executed> {
    return run(["ip", "netns", "exec", this.namespace, ...argv], timeoutMs);
  }

  must(argv: readonly string[], timeoutMs?: number): Promise<string> {
    return must(["ip", "netns", "exec", this.namespace, ...argv], timeoutMs);
  }

  async sshdPids(): Promise<number[]> {
    const pid = this.#sshd?.pid;
    return pid === undefined || this.#sshd?.exitCode !== null ? [] : below(pid);
  }

  async processes(): Promise<{ pid: number; command: string }[]> {
    const [, ...pids] = await this.sshdPids();
    return Promise.all(pids.map(async (pid) => ({ pid, command: await commandOf(pid) })));
  }

  async strays(): Promise<{ pid: number; command: string }[]> {
    const { stdout } = await run(["ip", "netns", "pids", this.namespace]);
    const pids = stdout.split("\n").filter((line) => line !== "");
    const all = await Promise.all(
      pids.map(async (pid) => ({ pid: Number(pid), command: await commandOf(Number(pid)) })),
    );
    // An empty command line is a process that ended since.
    return all.filter(({ command }) => command !== "" && !/^(?:sshd: |\/usr\/sbin\/sshd )/.test(command));
  }

  async stopSshd(): Promise<void> {
    const sshd = this.#sshd;
    if (!sshd || sshd.exitCode !== null || sshd.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => sshd.once("exit", () => resolve()));
    const pids = await this.sshdPids();
    const commands = await Promise.all(pids.map(commandOf));
    // Only sshd's own processes: what they leave running is for the test to see.
    const own = pids.filter((_, at) => /^(?:sshd: |\/usr\/sbin\/sshd )/.test(commands[at] ?? ""));
    signal(own, "SIGKILL");
    await gone;
    this.#sshd = undefined;
  }

  async freeze(how: "stop" | "continue"): Promise<void> {
    const pids = await this.sshdPids();
    signal(pids, how === "stop" ? "SIGSTOP" : "SIGCONT");
  }

  async rekey(): Promise<void> {
    await this.stopSshd();
    await this.#makeHostKeys();
    await this.startSshd();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.stopSshd();
    for (const namespace of [this.namespace, this.switchNamespace]) {
      const { stdout } = await run(["ip", "netns", "pids", namespace]);
      signal(
        stdout
          .split("\n")
          .filter((line) => line !== "")
          .map(Number),
        "SIGKILL",
      );
      await run(["ip", "netns", "del", namespace]);
    }
    // Gone with the namespace, unless that could not be removed.
    await run(["ip", "link", "del", `${this.tag}m`]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Joins two hosts with a cable of their own (link-local addresses) and gives the address at which `from` reaches `to`: for jump hosts, as
 * nothing is routed through the root namespace. The cable goes with either host.
 */
export async function linkHosts(from: NetnsHost, to: NetnsHost): Promise<string> {
  const { ours, theirs } = await freeSubnet();
  const name = `j${randomBytes(3).toString("hex")}`;
  await must([
    "ip",
    "link",
    "add",
    `${name}a`,
    "netns",
    from.namespace,
    "type",
    "veth",
    "peer",
    "name",
    `${name}b`,
    "netns",
    to.namespace,
  ]);
  for (const [host, end, address] of [
    [from, `${name}a`, ours],
    [to, `${name}b`, theirs],
  ] as const) {
    await host.must(["ip", "addr", "add", `${address}/30`, "dev", end]);
    await host.must(["ip", "link", "set", end, "up"]);
  }
  return theirs;
}

export function listens(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

export interface TempUser {
  readonly user: string;
  readonly password: string;
  dispose(): Promise<void>;
}

/**
 * A throw-away user of this machine (namespaces share /etc/passwd), with a password. `sudo`: "none", "password", "nopasswd", or the right
 * side of a sudoers line of its own, such as `NOPASSWD: /usr/bin/dmesg`.
 */
export async function makeUser(sudo: "none" | "password" | "nopasswd" | { readonly rule: string }): Promise<TempUser> {
  const user = `tp${randomBytes(4).toString("hex")}`;
  const password = `pw-${randomBytes(8).toString("hex")}`;
  const sudoers = `/etc/sudoers.d/${user}`;
  const dispose = async () => {
    await rm(sudoers, { force: true });
    await run(["userdel", "-f", user]);
  };
  try {
    await must(["useradd", "-M", "-d", "/", "-s", "/bin/bash", user]);
    await must(["sh", "-c", `printf '%s:%s\\n' ${user} ${password} | chpasswd`]);
    if (sudo !== "none") {
      const rule = sudo === "password" ? "ALL" : sudo === "nopasswd" ? "NOPASSWD: ALL" : sudo.rule;
      await writeFile(sudoers, `${user} ALL=(root) ${rule}\n`, { mode: 0o440 });
    }
    return { user, password, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
