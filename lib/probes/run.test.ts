import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Probe } from "./define";
import { prelude } from "./prelude";
import { probes } from "./registry";

const all: readonly Probe[] = Object.values(probes);
const isRoot = process.getuid?.() === 0;
const has = (tool: string) => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;

/** A daemon that is installed but does not run is no absent tool: the probe fails, and its checks are unknown. */
const daemonDown = /failed to connect|connection failed|unable to connect|Connection refused/i;

interface Way {
  readonly name: string;
  readonly shell: readonly string[];
  readonly root: "direct" | "sudo" | "none";
}
const nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
const shells = [["sh"], ...(has("dash") ? [["dash"]] : []), ...(has("busybox") ? [["busybox", "sh"]] : [])];
const ways: readonly Way[] = shells.flatMap((shell): Way[] => {
  const name = shell.join(" ");
  const asUser = isRoot && has("setpriv") ? [...nobody, ...shell] : undefined;
  return [
    ...(isRoot ? [{ name: `${name}, root`, shell, root: "direct" as const }] : []),
    ...(asUser ? [{ name: `${name}, nobody`, shell: asUser, root: "none" as const }] : []),
    ...(asUser && has("sudo") ? [{ name: `${name}, sudo refused`, shell: asUser, root: "sudo" as const }] : []),
    ...(isRoot ? [] : [{ name: `${name}, user`, shell, root: "none" as const }]),
  ];
});

/** Runs every script for real: on whatever machine this is, the outcome must be ok, absent or refused, never an output that its own parser refuses. */
describe.each(ways.map((way) => [way.name, way] as const))("on this machine by %s", (_name, way) => {
  it.each(all.map((probe) => [probe.id, probe] as const))(
    "%s",
    (_id, probe) => {
      const [command = "sh", ...args] = way.shell;
      const ran = spawnSync(command, [...args, "-c", `TP_ROOT=${way.root}\n${prelude}\n${probe.script}`], {
        stdio: ["ignore", "pipe", "pipe"],
        timeout: probe.timeoutMs,
        maxBuffer: probe.maxBytes + 1,
      });
      const said = `exit ${ran.status}, ${ran.error?.message ?? ""} ${ran.stderr.toString().slice(0, 400)}`;
      if (ran.status === 1 && daemonDown.test(ran.stderr.toString())) return;
      expect([0, 77, 127], said).toContain(ran.status);
      if (way.root === "direct") expect(ran.status, said).not.toBe(77);
      if (probe.privilege === "none") expect(ran.status, said).not.toBe(77);
      if (ran.status !== 0) return;
      const value = probe.parse({ stdout: new Uint8Array(ran.stdout), exit: 0 });
      expect(probe.fact.safeParse(value).error?.message).toBeUndefined();
    },
    70_000,
  );
});

it("runs no root command where there is no root", () => {
  const ran = spawnSync("sh", ["-c", `TP_ROOT=none\n${prelude}\nas_root touch /never; echo $?; try_root echo yes`], {
    encoding: "utf8",
  });
  expect(ran.stdout).toBe("77\nyes\n");
});

it("tells a command that fails under sudo from one that sudo refuses", () => {
  const sudo = 'sudo() { case "$2" in -l) shift; [ "$3" = ok ] ;; *) return 1 ;; esac; }';
  const ask = (tool: string) =>
    spawnSync("sh", ["-c", `TP_ROOT=sudo\n${prelude}\n${sudo}\nas_root ${tool}; echo $?`], { encoding: "utf8" }).stdout;
  expect(ask("ok")).toBe("1\n");
  expect(ask("forbidden")).toBe("77\n");
});
