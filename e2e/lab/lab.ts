/**
 * A real hypervisor for tests: a virtual machine with Debian, libvirt and two running guests, whose NICs end in
 * a switch that is a network namespace. It is built once, booted once and saved; each fault case then
 * restores the saved state (about a second), injects its fault for real, and looks.
 *
 *   const lab = await Lab.ensure();
 *   await lab.restore("bond");
 *   await lab.setLink("nic1", false);          // pulls the cable
 *   await lab.hv("cat /proc/net/bonding/bond0"); // as root, by a channel that no fault can cut
 *   await lab.stop();
 *
 * Measured and argued in the project's notes on the lab; QEMU's manual ("VM snapshots") for savevm and loadvm.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Base, type BaseName, baseOf, scriptOf, snapshotName } from "./bases";
import { type AnyGuest, hypervisor, type NicName, users } from "./config";
import { diskOf, ensureImage, type Image, Machine, runDirOf } from "./machine";
import { LabError, type Output, quote, run, waitFor } from "./run";
import type { Switch } from "./switch";

export interface SshAccess {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly user: string;
  /** A user who may `sudo` without a password, and one who may nothing. */
  readonly sudoUser: string;
  readonly plainUser: string;
  readonly privateKeyPath: string;
  /** As `ssh-keygen -lf` prints it: SHA256:... */
  readonly hostKeyFingerprint: string;
  /** A known_hosts file with this host and nothing else; for OpenSSH `-F`, `sshConfigPath` has host `lab`. */
  readonly knownHostsPath: string;
  readonly sshConfigPath: string;
}

export interface EnsureOptions {
  /** Leave the machine running when this process ends (`lab up`). */
  readonly keep?: boolean;
  readonly base?: BaseName;
  readonly say?: (line: string) => void;
}

export class Lab {
  private stopped = false;
  private base: Base = baseOf("bond");

  private constructor(
    private readonly machine: Machine,
    readonly ssh: SshAccess,
    /** Attached to a machine that another command left running: not ours to end. */
    private readonly attached: boolean,
    private readonly say: (line: string) => void,
  ) {}

  /** Gives a lab restored to `base`: builds, boots and saves what is not in the cache yet. */
  static async ensure(options: EnsureOptions = {}): Promise<Lab> {
    const { keep = false, base = "bond", say = defaultSay } = options;
    const image = await ensureImage();
    const running = await Machine.running(image.dir);
    if (running?.ownerPid !== undefined && running.ownerPid !== process.pid && isAlive(running.ownerPid)) {
      throw new LabError(
        `the lab is in use by process ${running.ownerPid}; wait for it, or set TAPROOT_LAB_INSTANCE for a second lab`,
      );
    }
    const leftForUs = running !== undefined && running.ownerPid === undefined;
    const machine = leftForUs ? await Machine.attach(image, running) : await start(image, base, keep, say);
    const lab = new Lab(machine, await sshAccess(image, machine.state.sshPort), leftForUs, say);
    if (!keep && !leftForUs) lab.stopWhenWeEnd();
    try {
      await lab.restore(base);
    } catch (error) {
      await lab.stop();
      throw error;
    }
    return lab;
  }

  /** Joins a lab that `lab up` left running, as it is. */
  static async attach(): Promise<Lab> {
    const image = await ensureImage();
    const running = await Machine.running(image.dir);
    if (running === undefined) throw new LabError("the lab does not run; start it with: npm run lab -- up");
    if (running.ownerPid !== undefined) throw new LabError(`the lab belongs to process ${running.ownerPid}`);
    const machine = await Machine.attach(image, running);
    const lab = new Lab(machine, await sshAccess(image, running.sshPort), true, defaultSay);
    if (running.base !== undefined) lab.base = baseOf(running.base);
    return lab;
  }

  /** Brings the whole machine, its guests and the switch back to the saved state; about a second. */
  async restore(name: BaseName): Promise<void> {
    const base = baseOf(name);
    this.base = base;
    const snapshot = await snapshotName(base);
    if (!(await hasSnapshot(this.machine, snapshot))) await this.make(base, snapshot);
    await this.load(base, snapshot);
    await this.machine.note({ base: name });
  }

  /** One line to QEMU's human monitor; gives what it prints. */
  monitor(line: string): Promise<string> {
    return this.machine.monitor.human(line);
  }

  /**
   * Pulls or plugs an uplink's cable: the VM's end loses its carrier, and so does the switch's, which then forgets
   * the MACs it learned there. With only one end pulled the switch would keep sending into the dead port.
   */
  async setLink(nic: NicName, on: boolean): Promise<void> {
    const port = portOf(nic);
    await this.machine.monitor.humanSilent(`set_link ${nic} ${on ? "on" : "off"}`);
    await this.machine.net.setCarrier(port, on);
  }

  /** Runs as root in the hypervisor: a bash script, or an argument vector. Must succeed; gives its output. */
  async hv(command: string | readonly string[], timeoutMs = 30_000): Promise<string> {
    const { status, stdout, stderr } = await this.tryHv(command, timeoutMs);
    if (status === 124) throw new LabError(`no end after ${timeoutMs} ms in the hypervisor: ${show(command)}`);
    if (status !== 0) throw new LabError(`status ${status} in the hypervisor: ${show(command)}\n${stderr || stdout}`);
    return stdout;
  }

  /** The same, for a command that is allowed to fail. */
  tryHv(command: string | readonly string[], timeoutMs = 30_000): Promise<Output> {
    return this.machine.agent.run(show(command), timeoutMs);
  }

  /** Runs on the switch's side of the cables. */
  switchNs(argv: readonly string[]): Promise<string> {
    return this.machine.net.exec(argv);
  }

  /** What the switch's ports say by LLDP that they carry, beside the untagged VLAN 1. The next restore puts the base's own back. */
  announceVlans(tagged: readonly { readonly vid: number; readonly name: string }[]): Promise<void> {
    return this.machine.net.announceVlans(this.machine.runDir, tagged);
  }

  /** One command to the lldpcli of the switch. */
  switchLldp(words: readonly string[]): Promise<string> {
    return run(["lldpcli", "-u", join(this.machine.runDir, "lldpd.sock"), ...words]);
  }

  get switch(): Switch {
    return this.machine.net;
  }

  /** Types a command at the guest's serial console; gives what it printed. The guest has busybox. */
  async guest(name: AnyGuest, command: string, timeoutMs = 20_000): Promise<string> {
    // eval: so that a command may end in "&" and still be followed by the shell's own mark
    return this.hv(
      ["lab-guest-shell", name, `eval ${quote(command)}`, String(Math.ceil(timeoutMs / 1000))],
      timeoutMs + 5_000,
    );
  }

  /** The address that the guest has in the base that is restored now. */
  addressOf(name: AnyGuest): string {
    const address = this.base.guests[name];
    if (address === undefined) throw new LabError(`base ${this.base.name} has no guest ${name}`);
    return address;
  }

  pingGuestFromSwitch(name: AnyGuest, count = 1): Promise<boolean> {
    return this.machine.net.pings(this.addressOf(name), count);
  }

  /** Pings the guest from where the base says that it can be reached. */
  async pingGuest(name: AnyGuest, count = 1): Promise<boolean> {
    if (this.base.pingFrom === "switch") return this.pingGuestFromSwitch(name, count);
    const argv = ["ping", "-n", "-q", "-c", String(count), "-i", "0.3", "-W", "2", this.addressOf(name)];
    return (await this.tryHv(argv)).status === 0;
  }

  pingHostFromSwitch(count = 1): Promise<boolean> {
    return this.machine.net.pings(hypervisor.address, count);
  }

  /** Waits until the guest answers, or says that it did not. */
  async guestAnswers(name: AnyGuest, timeoutMs = 20_000): Promise<void> {
    await waitFor(`guest ${name} answers ping from the ${this.base.pingFrom}`, () => this.pingGuest(name), {
      timeoutMs,
    });
  }

  async waitHv(what: string, test: string, timeoutMs = 15_000): Promise<void> {
    await waitFor(`in the hypervisor: ${what}`, async () => (await this.tryHv(test)).status === 0, { timeoutMs });
  }

  /** Ends the machine and removes the namespace; on a machine that `lab up` made, only lets go of it. */
  async stop(force = false): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    if (this.attached && !force) this.machine.close();
    else await this.machine.stop();
  }

  /** Lets go of a machine that shall keep running. */
  release(): void {
    this.stopped = true;
    this.machine.close();
  }

  private async load(base: Base, snapshot: string): Promise<void> {
    for (const nic of hypervisor.nics) await this.machine.monitor.humanSilent(`set_link ${nic.name} on`);
    this.machine.agent.reset();
    await this.machine.monitor.humanSilent(`loadvm ${snapshot}`);
    await this.machine.net.reset();
    await this.machine.setVlans(base.vlans);
    await this.setClock();
    // Typed at the guests' consoles, which are machines emulated by an emulated machine: slow where that one is.
    if (base.afterRestore) await this.hv(base.afterRestore, 120_000);
  }

  /** The restored machine believes in the moment it was saved. */
  private async setClock(): Promise<void> {
    const started = performance.now();
    await this.hv("true");
    const oneWay = (performance.now() - started) / 2;
    await this.hv(["date", "-s", `@${((Date.now() + oneWay) / 1000).toFixed(3)}`]);
  }

  private async make(base: Base, snapshot: string): Promise<void> {
    const started = Date.now();
    const say = (line: string) => this.say(`[lab ${base.name} ${seconds(started)} s] ${line}`);
    if (base.from) await this.restore(base.from);
    this.base = base;
    await this.machine.setVlans(base.vlans);
    say("configuring");
    // The first word waits in the port until the agent starts: under load that is longer than a command may take.
    await this.hv("true", 300_000);
    await this.waitHv("the machine has booted", "systemctl is-system-running | grep -qE 'running|degraded'", 180_000);
    await this.hv(scriptOf(base), base.timeoutMs);
    say("waiting for the guests to answer");
    for (const name of Object.keys(base.guests) as AnyGuest[]) await this.guestAnswers(name, 600_000);
    await this.waitHv(
      "lldpd has seen the switch on both uplinks",
      'test "$(lldpcli -f keyvalue show neighbors | grep -c chassis.name=)" -ge 2',
      60_000,
    );
    say("saving");
    await dropOlder(this.machine, base.name);
    await this.hv("sync; sleep 1");
    await this.machine.monitor.humanSilent(`savevm ${snapshot}`, 120_000);
    say("saved");
  }

  private stopWhenWeEnd(): void {
    // Whoever is killed cannot tidy up: then QEMU's end is the next start's first act (Machine.removeStale).
    process.once("exit", () => {
      if (!this.stopped) killNow(this.machine.state.pid);
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        void this.stop().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
      });
    }
  }
}

/** Starts in the wanted base's state, or in the nearest one that it is made from, or from power-on. */
async function start(image: Image, base: BaseName, keep: boolean, say: (line: string) => void): Promise<Machine> {
  const owner = keep ? undefined : process.pid;
  const saved = await savedStates(image);
  for (let next: BaseName | undefined = base; next !== undefined; next = baseOf(next).from) {
    const snapshot = await snapshotName(baseOf(next));
    if (saved.includes(snapshot)) return Machine.start(image, snapshot, owner);
  }
  say(`[lab] no saved state for ${base} yet: booting the hypervisor`);
  return Machine.start(image, undefined, owner);
}

async function savedStates(image: Image): Promise<string[]> {
  if (!existsSync(diskOf(image.dir))) return [];
  return parseSnapshots(await run(["qemu-img", "snapshot", "-U", "-l", diskOf(image.dir)]));
}

async function hasSnapshot(machine: Machine, name: string): Promise<boolean> {
  return parseSnapshots(await machine.monitor.human("info snapshots")).includes(name);
}

/** States of the same base that an older script made are dead weight of 700 MB each. */
async function dropOlder(machine: Machine, base: string): Promise<void> {
  for (const name of parseSnapshots(await machine.monitor.human("info snapshots"))) {
    if (new RegExp(`^${base}-[0-9a-f]{8}$`).test(name)) await machine.monitor.humanSilent(`delvm ${name}`);
  }
}

const parseSnapshots = (table: string): string[] =>
  table.split("\n").flatMap((line) => /^\S+\s+([a-z]+-[0-9a-f]{8})\s/.exec(line)?.[1] ?? []);

async function sshAccess(image: Image, port: number): Promise<SshAccess> {
  const publicKey = join(image.dir, "keys", "ssh_host_ed25519_key.pub");
  const fingerprint = (await run(["ssh-keygen", "-lf", publicKey])).split(" ")[1];
  if (fingerprint === undefined) throw new LabError(`ssh-keygen printed no fingerprint for ${publicKey}`);
  const [type, key] = (await readFile(publicKey, "utf8")).split(" ");
  const knownHostsPath = join(runDirOf(image.dir), "known_hosts");
  const sshConfigPath = join(runDirOf(image.dir), "ssh_config");
  await writeFile(knownHostsPath, `[127.0.0.1]:${port} ${type} ${key}\n`);
  await writeFile(
    sshConfigPath,
    `Host lab\n  HostName 127.0.0.1\n  Port ${port}\n  User ${users.root}\n  IdentityFile ${image.privateKeyPath}\n` +
      `  IdentitiesOnly yes\n  UserKnownHostsFile ${knownHostsPath}\n  StrictHostKeyChecking yes\n`,
  );
  return {
    host: "127.0.0.1",
    port,
    user: users.root,
    sudoUser: users.sudo,
    plainUser: users.plain,
    privateKeyPath: image.privateKeyPath,
    hostKeyFingerprint: fingerprint,
    knownHostsPath,
    sshConfigPath,
  };
}

function portOf(nic: NicName): string {
  const found = hypervisor.nics.find((candidate) => candidate.name === nic);
  if (found === undefined) throw new LabError(`no uplink ${nic}`);
  return found.port;
}

const show = (command: string | readonly string[]): string =>
  typeof command === "string" ? command : command.map(quote).join(" ");

const seconds = (since: number): string => ((Date.now() - since) / 1000).toFixed(0);

const defaultSay = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
