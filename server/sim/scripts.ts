import { armScript, disarmScript, mayArmScript, outcomeScript } from "@/server/collector/remedy/guard-scripts";
import { askScript } from "@/server/collector/remedy/guests";
import { splitQuoted } from "@/server/collector/ssh/quote";
import { done, type Result, runCommand } from "./commands";
import type { SimMachine } from "./host";
import { lowerUp } from "./model";

/** Boot id of every simulated host: none is ever rebooted. */
const bootId = "5a5a5a5a-0000-4000-8000-000000000000";

interface Guard {
  readonly timer: NodeJS.Timeout;
  state: "waiting" | "disarmed" | "ended";
  /** As the guard's file on a real host: a line a step. */
  result: string;
}

/** Undos that wait on a simulated host, as transient systemd timers would: they fire whether or not anybody is still connected. */
export class Guards {
  private readonly guards = new Map<string, Guard>();

  constructor(private readonly machine: SimMachine) {}

  arm(unit: string, seconds: number, undo: string): Result {
    const timer = setTimeout(() => this.fire(unit, undo), seconds * 1000);
    timer.unref();
    this.guards.set(unit, { timer, state: "waiting", result: "" });
    return { ...done, stdout: `systemd ${bootId}\n` };
  }

  disarm(unit: string): Result {
    const guard = this.guards.get(unit);
    if (guard?.state !== "waiting") return { ...done, exit: 3 };
    clearTimeout(guard.timer);
    guard.state = "disarmed";
    return done;
  }

  outcome(unit: string): Result {
    const guard = this.guards.get(unit);
    if (guard === undefined) return { ...done, stdout: "gone\n" };
    return { ...done, stdout: guard.state === "ended" ? `ended\n${guard.result}end\n` : `${guard.state}\n` };
  }

  close(): void {
    for (const guard of this.guards.values()) clearTimeout(guard.timer);
    this.guards.clear();
  }

  /** Runs the lines `step N ARGV` of the undo, each whatever became of the one before. */
  private fire(unit: string, undo: string): void {
    const guard = this.guards.get(unit);
    if (guard === undefined) return;
    for (const line of undo.split("\n")) {
      const [, step, ...argv] = splitQuoted(line) ?? [];
      const { exit, stderr } = runCommand(this.machine, argv);
      guard.result += `${step} ${exit} ${stderr.trim()}\n`;
    }
    guard.state = "ended";
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
  if (script === outcomeScript) return guards.outcome(first);
  if (script === mayArmScript) return done;
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
