/** The virtual hypervisor as a QEMU process: its devices, its disk, its start and its end. */
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { Agent } from "./agent";
import type { BaseName } from "./bases";
import { hypervisor, instance, labDir, vlans } from "./config";
import { deviceArgv } from "./devices";
import { Monitor } from "./monitor";
import { ensureRouter } from "./router";
import { LabError, processIs, run, sleep, startDetached, waitFor } from "./run";
import { Switch, tapName } from "./switch";

/** Files of one built image. */
export interface Image {
  readonly dir: string;
  readonly privateKeyPath: string;
}

export interface Running {
  readonly pid: number;
  readonly sshPort: number;
  /** Process that will stop it; none when `lab up` left it for whoever comes. */
  readonly ownerPid?: number;
  readonly base?: BaseName;
}

export async function ensureImage(): Promise<Image> {
  const out = await run([join(labDir, "build.sh")], { timeoutMs: 45 * 60_000, showStderr: true });
  const dir = out.trim();
  return { dir, privateKeyPath: join(dir, "keys", "id_ed25519") };
}

/** The image's directory without building it. */
export async function imageDir(): Promise<string> {
  return (await run([join(labDir, "build.sh"), "--print"])).trim();
}

export class Machine {
  readonly runDir: string;
  private constructor(
    readonly image: Image,
    readonly monitor: Monitor,
    readonly agent: Agent,
    readonly net: Switch,
    readonly state: Running,
  ) {
    this.runDir = runDirOf(image.dir);
  }

  /** Starts QEMU, from power-on or straight into a saved state. */
  static async start(image: Image, loadvm: string | undefined, ownerPid: number | undefined): Promise<Machine> {
    const runDir = runDirOf(image.dir);
    await Machine.removeStale(image.dir);
    await mkdir(runDir, { recursive: true, mode: 0o755 }); // lldpcli drops its rights before it connects
    await ensureDisk(image.dir);
    const sshPort = await freePort();
    const net = await Switch.create();
    const log = openSync(join(runDir, "log"), "a");
    try {
      const child = startDetached(qemuArgv(image.dir, sshPort, loadvm), log);
      if (child.pid === undefined) throw new LabError("qemu-system-x86_64 did not start (is it installed?)");
      const state: Running = { pid: child.pid, sshPort, ...(ownerPid === undefined ? {} : { ownerPid }) };
      await writeFile(join(runDir, "state.json"), JSON.stringify(state));
      const monitor = await waitFor(
        "QEMU opens its monitor",
        async () => {
          if (child.exitCode !== null) throw new LabError(`QEMU ended: ${await tail(join(runDir, "log"))}`);
          return existsSync(join(runDir, "qmp.sock")) && Monitor.open(join(runDir, "qmp.sock")).catch(() => undefined);
        },
        { timeoutMs: 30_000 },
      );
      await net.plug(runDir, log);
      return new Machine(image, monitor, await Agent.open(join(runDir, "agent.sock")), net, state);
    } catch (error) {
      await Machine.removeStale(image.dir);
      throw error;
    } finally {
      closeSync(log);
    }
  }

  /** Joins a machine that `lab up` left running. */
  static async attach(image: Image, state: Running): Promise<Machine> {
    const runDir = runDirOf(image.dir);
    const monitor = await Monitor.open(join(runDir, "qmp.sock"));
    return new Machine(image, monitor, await Agent.open(join(runDir, "agent.sock")), new Switch(), state);
  }

  /** What runs now, if anything does. */
  static async running(dir: string): Promise<Running | undefined> {
    const runDir = runDirOf(dir);
    const text = await readFile(join(runDir, "state.json"), "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const state = JSON.parse(text) as Running;
    return (await processIs(state.pid, runDir)) ? state : undefined;
  }

  /** Puts the tagged VLANs on the wire, or takes the switch's word for them back. */
  async setVlans(on: boolean): Promise<void> {
    const log = openSync(join(this.runDir, "log"), "a");
    try {
      if (on) await ensureRouter(this.runDir, log);
    } finally {
      closeSync(log);
    }
    await this.net.announceVlans(this.runDir, on ? vlans : []);
  }

  async note(change: Partial<Running>): Promise<void> {
    Object.assign(this.state, change);
    await writeFile(join(this.runDir, "state.json"), JSON.stringify(this.state));
  }

  close(): void {
    this.agent.close();
    this.monitor.close();
  }

  async stop(): Promise<void> {
    await this.monitor.execute("quit", {}, 20_000).catch(() => undefined); // it may be gone before it answers
    this.close();
    await Machine.removeStale(this.image.dir);
  }

  /** Ends what an earlier run left: by the recorded process id and by the lab's own names, nothing else. */
  static async removeStale(dir: string): Promise<void> {
    const runDir = runDirOf(dir);
    const state = await Machine.running(dir);
    if (state) {
      for (const signal of ["SIGTERM", "SIGKILL"] as const) {
        if (!(await processIs(state.pid, runDir))) break;
        process.kill(state.pid, signal);
        for (let i = 0; i < 50 && (await processIs(state.pid, runDir)); i++) await sleep(100);
      }
    }
    await Switch.destroy();
    await rm(runDir, { recursive: true, force: true });
  }
}

/** Short on purpose: a unix socket's path must stay under 108 bytes. */
export const runDirOf = (dir: string, of = instance): string => `/run/taproot-lab/${dir.split("/").at(-1)}-${of}`;

export const diskOf = (dir: string, of = instance): string => join(dir, `disk-${of}.qcow2`);

/**
 * States are saved inside the disk; the image below it is never written. A second lab starts from a copy of the first
 * one's disk with all its states, unless that one runs right now: booting and saving anew takes minutes.
 */
async function ensureDisk(dir: string): Promise<void> {
  const disk = diskOf(dir);
  if (existsSync(disk)) return;
  const first = diskOf(dir, "0");
  if (existsSync(first) && !existsSync(runDirOf(dir, "0"))) {
    const part = `${disk}.part`;
    await run(["cp", "--sparse=always", "--reflink=auto", first, part], { timeoutMs: 300_000 });
    await rename(part, disk);
    return;
  }
  await run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", disk]);
}

function qemuArgv(dir: string, sshPort: number, loadvm: string | undefined): string[] {
  const runDir = runDirOf(dir);
  return [
    "qemu-system-x86_64",
    ...deviceArgv(),
    ...["-kernel", join(dir, "vmlinux"), "-initrd", join(dir, "initrd")],
    ...["-drive", `file=${diskOf(dir)},if=virtio,format=qcow2,cache=unsafe,discard=unmap`],
    ...["-netdev", `user,id=n-mgmt0,ipv6=off,restrict=on,hostfwd=tcp:127.0.0.1:${sshPort}-10.0.2.15:22`],
    ...hypervisor.nics.flatMap((nic) => [
      "-netdev",
      `tap,id=n-${nic.name},ifname=${tapName(nic.name)},script=no,downscript=no,vhost=off`,
    ]),
    ...["-chardev", `socket,id=agent,path=${join(runDir, "agent.sock")},server=on,wait=off`],
    ...["-qmp", `unix:${join(runDir, "qmp.sock")},server=on,wait=off`],
    ...["-serial", `file:${join(runDir, "serial")}`],
    ...(loadvm === undefined ? [] : ["-loadvm", loadvm]),
  ];
}

async function freePort(): Promise<number> {
  const wanted = Number(process.env.TAPROOT_LAB_SSH_PORT ?? 0);
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new LabError(`no port for the hypervisor's ssh: ${error.message}`)));
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

const tail = async (path: string): Promise<string> =>
  (await readFile(path, "utf8").catch(() => "")).split("\n").slice(-8).join("\n").trim();
