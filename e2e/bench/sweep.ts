/** (b) A full sweep on a held connection, against the same commands typed into one raw shell over OpenSSH. (c) Login and first graph, against Ansible's network facts. */
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Probe } from "@/lib/probes/define";
import { prelude } from "@/lib/probes/prelude";
import { probes } from "@/lib/probes/registry";
import { makeEngine } from "@/server/collector/engine";
import { connect } from "@/server/collector/ssh/connect";
import { factsOf, reportsOf } from "@/server/collector/sweep-facts";
import { makeHost, type NetnsHost } from "../netns/host";
import { reach } from "../netns/support";
import { median, ms, type Row } from "./stats";

const all: readonly Probe[] = Object.values(probes);
const rounds = 9;

export async function sweep(): Promise<Row> {
  const host = await makeHost({ name: "sweep", taps: 8 });
  const connection = await reach(host);
  const raw = rawShell(host);
  try {
    const ours: number[] = [];
    const floor: number[] = [];
    // The first of each warms both up; they take turns, so that the machine's mood hits both.
    for (let round = 0; round <= rounds; round++) {
      const begun = performance.now();
      await connection.sweep(all);
      const between = performance.now();
      await raw.run(all);
      if (round > 0) {
        ours.push(between - begun);
        floor.push(performance.now() - between);
      }
    }
    const ratio = median(ours.map((time, at) => time / (floor[at] ?? Number.NaN)));
    return {
      id: "b",
      what: `full sweep of ${all.length} probes on a held connection, median of ${rounds}`,
      ours: ms(median(ours)),
      floor: `the same scripts in one raw shell ${ms(median(floor))}`,
      ratio: ratio.toFixed(2),
      bound: "1.5 x",
      holds: ratio <= 1.5,
    };
  } finally {
    raw.stop();
    connection.close();
    await host.dispose();
  }
}

const sshArgs = (host: NetnsHost) => [
  "-i",
  host.ssh.privateKeyFile,
  "-p",
  String(host.ssh.port),
  "-o",
  "StrictHostKeyChecking=no",
  "-o",
  "UserKnownHostsFile=/dev/null",
  "-o",
  "LogLevel=ERROR",
];

function rawShell(host: NetnsHost) {
  const child = spawn("ssh", [...sshArgs(host), `${host.ssh.user}@${host.ssh.address}`, "/bin/sh"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  let tail = "";
  let done: (() => void) | undefined;
  child.stdout.on("data", (bytes: Buffer) => {
    tail = (tail + bytes.toString("latin1")).slice(-64);
    if (tail.includes("==end-of-sweep==")) {
      tail = "";
      done?.();
    }
  });
  child.stdin.write(`TP_ROOT=direct; export TP_ROOT\n${prelude}\n`);
  return {
    run: (which: readonly Probe[]) =>
      new Promise<void>((resolve) => {
        done = resolve;
        child.stdin.write(
          `${which.map((probe) => `( ${probe.script}\n) </dev/null 2>/dev/null`).join("\n")}\necho ==end-of-sweep==\n`,
        );
      }),
    stop: () => child.kill(),
  };
}

export async function firstGraph(): Promise<Row> {
  const what = "login and first graph of a host";
  if (spawnSync("ansible", ["--version"]).status !== 0)
    return {
      id: "c",
      what,
      ours: "-",
      floor: "-",
      ratio: "-",
      bound: "1/3",
      holds: undefined,
      note: "Ansible is not installed",
    };
  const host = await makeHost({ name: "first", taps: 8 });
  try {
    const inventory = join(host.folder, "inventory");
    writeFileSync(
      inventory,
      `h ansible_host=${host.ssh.address} ansible_port=${host.ssh.port} ansible_user=${host.ssh.user} ansible_ssh_private_key_file=${host.ssh.privateKeyFile}\n`,
    );
    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < 3; round++) {
      const begun = performance.now();
      await graphOnce(host);
      const between = performance.now();
      const ansible = spawnSync(
        "ansible",
        ["-i", inventory, "h", "-m", "setup", "-a", "gather_subset=!all,!min,network"],
        {
          env: { ...process.env, ANSIBLE_HOST_KEY_CHECKING: "False", ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3" },
          encoding: "utf8",
        },
      );
      if (ansible.status !== 0) throw new Error(`ansible: ${ansible.stderr || ansible.stdout}`);
      ours.push(between - begun);
      floor.push(performance.now() - between);
    }
    const ratio = median(ours) / median(floor);
    return {
      id: "c",
      what,
      ours: ms(median(ours)),
      floor: `ansible -m setup (network) ${ms(median(floor))}`,
      ratio: ratio.toFixed(2),
      bound: "1/3",
      holds: ratio <= 1 / 3,
    };
  } finally {
    await host.dispose();
  }
}

/** What happens until a host's graph is on the page: login, the cheap tier, graph and verdicts. */
async function graphOnce(host: NetnsHost): Promise<void> {
  const { address, port, user, privateKey, knownHosts } = host.ssh;
  const connection = await connect(
    { id: "h", address, port, user, login: { kind: "key", privateKey }, sudo: { kind: "auto" }, jump: [] },
    { lines: () => knownHosts.split("\n") },
  );
  try {
    const engine = makeEngine(
      { id: "h", name: "h", address, state: "live", since: Date.now(), seenAt: null, demo: false },
      "bench",
      {},
    );
    const runs = await connection.sweep(all.filter((probe) => probe.tier === "fast"));
    engine.read(factsOf(runs), reportsOf(runs), Date.now());
    if (!engine.snapshot().nodes.some((node) => node.name === "br0")) throw new Error("the graph has no br0");
  } finally {
    connection.close();
  }
}
