import { armScript, disarmScript, waitingScript } from "@/server/collector/remedy/guard";
import { askScript } from "@/server/collector/remedy/guests";
import { splitQuoted } from "@/server/collector/ssh/quote";
import { done, type Result, runCommand } from "./commands";
import type { SimMachine } from "./host";
import { lowerUp } from "./model";

/** Undos that wait on a simulated host, as transient systemd timers would: they fire whether or not anybody is still connected. */
export class Guards {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly machine: SimMachine) {}

  arm(unit: string, seconds: number, undo: string): Result {
    const timer = setTimeout(() => {
      this.timers.delete(unit);
      for (const line of undo.split("\n").slice(1)) runCommand(this.machine, splitQuoted(line) ?? []);
    }, seconds * 1000);
    timer.unref();
    this.timers.set(unit, timer);
    return { ...done, stdout: "systemd\n" };
  }

  disarm(unit: string): Result {
    if (!this.waits(unit)) return { ...done, exit: 3 };
    clearTimeout(this.timers.get(unit));
    this.timers.delete(unit);
    return done;
  }

  waits(unit: string): boolean {
    return this.timers.has(unit);
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}

/** How a guest answers its host: only while it runs and its TAP leads to it. */
function answerOf(machine: SimMachine, address: string): "icmp" | "silent" {
  const { state } = machine;
  for (const guest of state.guests.values())
    for (const nic of guest.nics) {
      if (nic.ip !== address || guest.state !== "running" || nic.tap === undefined) continue;
      const tap = state.links.get(nic.tap);
      const bridge = tap?.master === undefined ? undefined : state.links.get(tap.master);
      const rightBridge = bridge !== undefined && bridge.name === nic.source.bridge && bridge.adminUp;
      return tap !== undefined && rightBridge && nic.linkUp && lowerUp(state, tap) ? "icmp" : "silent";
    }
  return "silent";
}

/** The constant scripts of the collector that are no probe, by their text: the guard of a change, and asking the guests. */
function runConstant(
  machine: SimMachine,
  guards: Guards,
  script: string,
  parameters: readonly string[],
): Result | undefined {
  const [first = "", second = "", third = ""] = parameters;
  if (script === armScript) return guards.arm(first, Number(second), third);
  if (script === disarmScript) return guards.disarm(first);
  if (script === waitingScript) return guards.waits(first) ? done : { ...done, exit: 3 };
  if (script === askScript)
    return { ...done, stdout: parameters.map((address) => `${address} ${answerOf(machine, address)}\n`).join("") };
  return undefined;
}

/** Runs what the collector sends over the work channel when it is no probe: an argument vector, or one of its constant scripts with parameters. */
export function runScript(machine: SimMachine, guards: Guards, text: string): Result {
  const words = splitQuoted(text) ?? [];
  const argv = words.slice(0, 3).join(" ") === "sudo -n --" ? words.slice(3) : words;
  if ((argv[0] === "sh" || argv[0] === "/bin/sh") && argv[1] === "-c") {
    const [, , script = "", , ...parameters] = argv;
    const known = runConstant(machine, guards, script, parameters);
    if (known !== undefined) return known;
    return {
      stdout: "",
      stderr: "simulated host: it runs no shell, and this script is none that it knows\n",
      exit: 127,
    };
  }
  return runCommand(machine, argv);
}
