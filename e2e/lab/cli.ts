/** `npm run lab -- COMMAND`: the lab by hand. */
import { spawnSync } from "node:child_process";
import { type BaseName, baseNames, baseOf, isBaseName } from "./bases";
import { hypervisor, instance, physical } from "./config";
import { Lab, type SshAccess } from "./lab";
import { ensureImage, imageDir, Machine } from "./machine";
import { LabError } from "./run";

const help = `A real hypervisor in a virtual machine, its uplinks in a switch that is a network namespace. Needs root.

  (none)            all of it: build the image, boot and save the base "bond" where that was not done yet, and give a shell; it is left running
  build             build the disk image, if it is not in the cache yet (about a minute)
  up [BASE]         start it in a base (boots and saves once, loads in seconds after) and leave it running
  shell [USER]      ssh into it (root, noc, plainuser)
  restore BASE      bring the running lab back to a base
  hv COMMAND...     run a command in it as root, by the channel that no fault can cut
  switch COMMAND... run a command on the switch's side
  link NIC on|off   plug or pull the cable of nic0 or nic1
  status            what runs, and the bases
  down              stop it and remove all that it made

Environment: TAPROOT_LAB_CACHE (default ~/.cache/taproot-lab), TAPROOT_LAB_MIRROR (a Debian mirror),
TAPROOT_LAB_INSTANCE (a second lab beside the first), TAPROOT_LAB_SSH_PORT (default: any free one).
`;

const print = (line: string): void => {
  process.stdout.write(line.endsWith("\n") ? line : `${line}\n`);
};

const sshArgv = (ssh: SshAccess, user: string): string[] => ["ssh", "-F", ssh.sshConfigPath, "-l", user, "lab"];

function wantedBase(name: string | undefined): BaseName {
  const base = name ?? "bond";
  if (!isBaseName(base)) throw new LabError(`no base ${base}; there are: ${baseNames.join(", ")}`);
  return base;
}

/** Joins what runs, without touching its state. */
async function withRunning(act: (lab: Lab) => Promise<void> | void): Promise<void> {
  const lab = await Lab.attach();
  try {
    await act(lab);
  } finally {
    lab.release();
  }
}

async function up(name: string | undefined): Promise<void> {
  const started = Date.now();
  const lab = await Lab.ensure({ keep: true, base: wantedBase(name) });
  print(`up in ${((Date.now() - started) / 1000).toFixed(1)} s. Reach it with: npm run lab -- shell, or`);
  print(`  ${sshArgv(lab.ssh, lab.ssh.user).join(" ")}`);
  print(`  host key ${lab.ssh.hostKeyFingerprint}; users ${lab.ssh.user}, ${lab.ssh.sudoUser}, ${lab.ssh.plainUser}`);
  lab.release();
}

const shell = (user: string | undefined): Promise<void> =>
  withRunning((lab) => {
    const [file = "ssh", ...rest] = sshArgv(lab.ssh, user ?? lab.ssh.user);
    process.exitCode = spawnSync(file, rest, { stdio: "inherit" }).status ?? 1;
  });

async function status(): Promise<void> {
  const running = await Machine.running(await imageDir());
  print(`instance ${instance}, namespace ${physical.namespace}, hypervisor ${hypervisor.hostname}`);
  if (running)
    print(`running: QEMU ${running.pid}, ssh on 127.0.0.1:${running.sshPort}, base ${running.base ?? "(booting)"}`);
  else print("not running");
  for (const name of baseNames) print(`  ${name.padEnd(8)}${baseOf(name).about}`);
}

async function main([command, ...args]: string[]): Promise<void> {
  switch (command) {
    case "build":
      return print((await ensureImage()).dir);
    case "up":
      return up(args[0]);
    case undefined:
      await up(undefined);
      return shell(undefined);
    case "shell":
      return shell(args[0]);
    case "restore":
      return withRunning((lab) => lab.restore(wantedBase(args[0])));
    case "hv":
      return withRunning(async (lab) => {
        const { status, stdout, stderr } = await lab.tryHv(args.join(" "), 300_000);
        process.stdout.write(stdout);
        process.stderr.write(stderr);
        process.exitCode = status;
      });
    case "switch":
      return withRunning(async (lab) => print(await lab.switchNs(args)));
    case "link":
      return withRunning((lab) => {
        const nic = hypervisor.nics.find((candidate) => candidate.name === args[0]);
        if (nic === undefined || (args[1] !== "on" && args[1] !== "off")) throw new LabError("link nic0|nic1 on|off");
        return lab.setLink(nic.name, args[1] === "on");
      });
    case "status":
      return status();
    case "down":
      return Machine.removeStale(await imageDir());
    default:
      print(help);
      if (!["help", "--help", "-h"].includes(command)) process.exitCode = 2;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof LabError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = 1;
});
