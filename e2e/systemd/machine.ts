/**
 * Machines of namespaces with a real systemd as their first process, of the Debian releases that a hypervisor may run. They boot in seconds, are rebooted
 * by killing their first process, and show what a container cannot: transient timers, sudo of that release, hardening of units.
 *
 * ```ts
 * const machine = await bootMachine("bookworm");
 * await machine.must(["systemctl", "--version"]);  // inside, as root
 * const connection = await machine.reach("noc");   // by real sshd
 * await machine.reboot();                           // kill -9 of PID 1: /run and the boot id are new, the disk is not
 * await machine.dispose();
 * ```
 *
 * The kernel is the machine's own. Needs root, overlayfs and cgroup2; a release is built at its first use (build.sh, 3 to 5 minutes).
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { HostSpec } from "@/lib/wire/rest";
import type { HostConnection } from "@/server/collector/ssh/api";
import { connect } from "@/server/collector/ssh/connect";
import { type Executed, freeSubnet, listens, must, run } from "../netns/host";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Debian's releases by their name, with the systemd that they bring. */
export const releases = { bullseye: 247, bookworm: 252, trixie: 257 } as const;
export type Release = keyof typeof releases;

/** What a run of the tests boots: the middle one. `SYSTEMD_RELEASES=all` (npm run systemd:all), or names: `SYSTEMD_RELEASES=bullseye,trixie`. */
export function releasesOfThisRun(wanted = process.env.SYSTEMD_RELEASES): Release[] {
  const all = Object.keys(releases) as Release[];
  if (wanted === undefined || wanted === "") return ["bookworm"];
  if (wanted === "all") return all;
  const names = wanted.split(",");
  const unknown = names.filter((name) => !all.includes(name as Release));
  if (unknown.length > 0) throw new Error(`SYSTEMD_RELEASES: no release ${unknown.join(", ")}`);
  return all.filter((name) => names.includes(name));
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const bootMs = 60_000;

/** Builds the root file system of a release where it is not there yet, and gives its folder. */
async function rootOf(release: Release): Promise<string> {
  return (await must([join(here, "build.sh"), release], 1_200_000)).trim();
}

type Binds = Readonly<Record<string, string>>;

/** Boots a machine and waits until it runs. `binds`: folders and files of this machine that it sees, read-only, by the path under which it sees them. */
export async function bootMachine(release: Release, options: { readonly binds?: Binds } = {}) {
  const root = await rootOf(release);
  const machine = new Machine(release, root, await mkdtemp(join(tmpdir(), "taproot-systemd-")), options.binds ?? {});
  try {
    await machine.prepare();
    await machine.boot();
    return machine;
  } catch (error) {
    await machine.dispose();
    throw error;
  }
}

export class Machine {
  #parent: ChildProcessByStdio<null, Readable, Readable> | undefined;
  #init = 0;
  #log = "";
  #veth = "";
  #address = "";

  constructor(
    readonly release: Release,
    private readonly root: string,
    private readonly state: string,
    private readonly binds: Binds,
  ) {}

  /** Keys for the two logins, written where the overlay shows them. */
  async prepare(): Promise<void> {
    const key = join(this.state, "user");
    await must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]);
    for (const [home, owner] of [["root", "0"] as const, ["home/noc", "1000"] as const]) {
      const folder = join(this.state, "upper", home, ".ssh");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "authorized_keys"), await readFile(`${key}.pub`));
      await must(["chown", "-R", `${owner}:${owner}`, join(this.state, "upper", home)]);
      await must(["chmod", "-R", "go-rwx", join(this.state, "upper", home)]);
    }
  }

  async boot(): Promise<void> {
    const args = ["--mount", "--propagation", "private", join(here, "boot.sh"), this.root, this.state, randomUUID()];
    const parent = spawn("unshare", args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        binds: Object.entries(this.binds)
          .map(([to, from]) => `${from}=${to}`)
          .join("\n"),
      },
    });
    this.#parent = parent;
    for (const stream of [parent.stdout, parent.stderr])
      stream.on("data", (bytes: Buffer) => {
        this.#log = (this.#log + bytes.toString("latin1")).slice(-8_000);
      });
    const deadline = Date.now() + bootMs;
    while (!(await this.#isUp())) {
      if (parent.exitCode !== null) throw new Error(`${this.release} ended while booting: ${this.#log}`);
      if (Date.now() > deadline) throw new Error(`${this.release} did not boot in ${bootMs} ms: ${this.#log}`);
      await sleep(200);
    }
    await this.#plugIn();
  }

  async #isUp(): Promise<boolean> {
    const pid = this.#parent?.pid;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    this.#init = Number(children.trim().split(" ")[0] ?? 0);
    if (!this.#init) return false;
    const name = await readFile(`/proc/${this.#init}/comm`, "utf8").catch(() => "");
    if (name.trim() !== "systemd") return false;
    const { stdout } = await this.exec(["systemctl", "is-system-running"]);
    return /^(running|degraded)$/.test(stdout.trim());
  }

  /** A cable with link-local addresses between us and the machine; it goes with the machine's network. */
  async #plugIn(): Promise<void> {
    const { ours, theirs } = await freeSubnet();
    this.#veth = `sd${randomBytes(4).toString("hex")}`;
    await must(["ip", "link", "add", this.#veth, "type", "veth", "peer", "name", "mgmt0", "netns", String(this.#init)]);
    await must(["ip", "addr", "add", `${ours}/30`, "dev", this.#veth]);
    await must(["ip", "link", "set", this.#veth, "up"]);
    await this.must(["ip", "addr", "add", `${theirs}/30`, "dev", "mgmt0"]);
    await this.must(["ip", "link", "set", "mgmt0", "up"]);
    this.#address = theirs;
    const deadline = Date.now() + 15_000;
    while (!(await listens(theirs, 22))) {
      if (Date.now() > deadline) throw new Error(`sshd of ${this.release} does not listen: ${this.#log}`);
      await sleep(100);
    }
  }

  /** Runs argv inside, as root. Never throws for a status. */
  exec(argv: readonly string[], timeoutMs?: number): Promise<Executed> {
    return run(["nsenter", "--target", String(this.#init), "--all", "--wd=/", "--", ...argv], timeoutMs);
  }

  /** As exec, and throws when the status is not 0. */
  async must(argv: readonly string[], timeoutMs?: number): Promise<string> {
    const done = await this.exec(argv, timeoutMs);
    if (done.status !== 0) throw new Error(`${argv.join(" ")}: status ${done.status}: ${done.stderr || done.stdout}`);
    return done.stdout;
  }

  /** Copies a file of ours inside, as it is; returns its path there. */
  async copy(from: string, path: string): Promise<string> {
    await must(["install", "-D", from, `/proc/${this.#init}/root${path}`]);
    return path;
  }

  /** Writes a file inside. */
  async write(path: string, text: string, mode = 0o644): Promise<void> {
    const file = join(this.state, "handed-over");
    await writeFile(file, text, { mode });
    const target = `/proc/${this.#init}/root${path}`;
    await must(["install", "-D", "-m", mode.toString(8), file, target]);
  }

  /** What a connection to the machine as `user` needs. */
  async spec(user: "root" | "noc"): Promise<HostSpec> {
    const privateKey = await readFile(join(this.state, "user"), "utf8");
    return HostSpec.parse({
      id: "machine",
      address: this.#address,
      port: 22,
      user,
      login: { kind: "key", privateKey },
    });
  }

  /** Connects by ssh as `user`, by the product's own connection. */
  async reach(user: "root" | "noc"): Promise<HostConnection> {
    const key = await readFile(join(this.root, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8");
    return connect(await this.spec(user), { lines: () => [`${this.#address} ${key.trim()}`] });
  }

  /** Pulls the plug: everything in the machine ends at once. What it has written to its disk stays. */
  async kill(): Promise<void> {
    const parent = this.#parent;
    if (parent?.pid === undefined || parent.exitCode !== null || parent.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => parent.once("exit", () => resolve()));
    parent.kill("SIGKILL");
    await gone;
    // The first process dies with its parent; its mounts are busy until then.
    for (let tries = 0; tries < 100 && (await run(["test", "-d", `/proc/${this.#init}`])).status === 0; tries++)
      await sleep(50);
    await run(["ip", "link", "del", this.#veth]);
  }

  async reboot(): Promise<void> {
    await this.kill();
    await this.boot();
  }

  /** Removes processes, cgroup and files. Safe to call twice. */
  async dispose(): Promise<void> {
    await this.kill();
    const name = `taproot-${this.state.split("/").at(-1)}`;
    const script = `mount -t cgroup2 cgroup2 "$1/cgroup" && cd "$1/cgroup" || exit 0
[ ! -d "$2" ] || find "$2" -depth -type d -exec rmdir {} \\;`;
    await mkdir(join(this.state, "cgroup"), { recursive: true });
    await run(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", this.state, name]);
    await rm(this.state, { recursive: true, force: true });
  }
}
