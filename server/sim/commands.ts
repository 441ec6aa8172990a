import { kinds } from "@/lib/changes/kinds/registry";
import type { SimMachine } from "./host";
import { byName, type SimGuest } from "./model";

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

export const done: Result = { stdout: "", stderr: "", exit: 0 };
const failed = (stderr: string, exit: number): Result => ({ stdout: "", stderr: `${stderr}\n`, exit });

/** The values in a change's data, as a command may hold them. */
const valuesIn = (value: unknown): string[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(valuesIn) : [String(value)];

/** What a command of a kind begins with: its words up to the first that is a value of the example's. */
function beginning(line: string, values: ReadonlySet<string>): readonly string[] {
  const words = line.split(" ");
  const value = words.findIndex((word) => [...word.split(/[=,]/), word].some((part) => values.has(part)));
  return value < 0 ? words : words.slice(0, value);
}

/** How every command begins that a change may be carried out or taken back by. A new kind of change is known by its example. */
const known: readonly (readonly string[])[] = Object.values(kinds).flatMap(({ example }) => {
  const { kind: _, ...data } = example.change;
  const values = new Set(valuesIn(data));
  return [example.do, example.undo].map((line) => beginning(line, values));
});

/**
 * Runs the commands that changes are made of. What the machine models, it does; any other command that some kind of change begins with is taken and
 * written down, and whether it helped is for the check to say, as on a real host. What no kind begins with ends with 127 and says so.
 */
export function runCommand(machine: SimMachine, argv: readonly string[]): Result {
  const [program, ...rest] = argv;
  if (program === "ip" && rest[0] === "link" && rest[1] === "set") return ipLinkSet(machine, argv, rest.slice(2));
  if (program === "virsh") return virsh(machine, argv);
  return take(machine, argv);
}

function take(machine: SimMachine, argv: readonly string[]): Result {
  if (!known.some((words) => words.every((word, at) => argv[at] === word)))
    return failed(`simulated host: ${argv.join(" ")}: command not found`, 127);
  machine.taken.push(argv.join(" "));
  return done;
}

function ipLinkSet(machine: SimMachine, argv: readonly string[], words: readonly string[]): Result {
  const rest = [...words];
  if (rest[0] === "dev") rest.shift();
  const name = rest.shift() ?? "";
  const { state } = machine;
  if (byName(state, name) === undefined) return failed(`Cannot find device "${name}"`, 1);
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === "up" || word === "down") machine.setAdmin(name, word === "up");
    else if (word === "nomaster") machine.setMaster(name, undefined);
    else if (word === "master" || word === "mtu") {
      const value = rest.shift() ?? "";
      if (word === "mtu" && /^\d+$/.test(value)) machine.setMtu(name, Number(value));
      else if (word === "master" && byName(state, value) !== undefined) machine.setMaster(name, value);
      else
        return failed(
          word === "mtu"
            ? `Error: argument "${value}" is wrong: Invalid "mtu" value`
            : `Error: argument "${value}" is wrong: Device does not exist`,
          1,
        );
    } else if (word === "address" || word === "type") return take(machine, argv);
    else return failed(`Error: either "dev" is duplicate, or "${word}" is a garbage.`, 255);
  }
  return done;
}

/** Guests by name or UUID, as virsh takes them. */
function virsh(machine: SimMachine, argv: readonly string[]): Result {
  const rest = argv.slice(1).filter((word) => word !== "-q");
  const [verb = "", asked = "", ...more] = rest[0] === "-c" ? rest.slice(2) : rest;
  const guest = [...machine.state.guests.values()].find(({ name, uuid }) => name === asked || uuid === asked);
  const act = verbs[verb];
  if (act === undefined) return take(machine, argv);
  if (guest === undefined) return failed(`error: failed to get domain '${asked}'`, 1);
  return act(machine, guest, more);
}

type Verb = (machine: SimMachine, guest: SimGuest, words: readonly string[]) => Result;

const verbs: Readonly<Record<string, Verb | undefined>> = {
  start: (machine, { name }) => did(() => machine.startGuest(name)),
  resume: (machine, { name }) => did(() => machine.startGuest(name)),
  destroy: (machine, { name }) => did(() => machine.stopGuest(name)),
  suspend: (machine, { name }) => did(() => machine.pauseGuest(name)),
  "domif-setlink": (machine, guest, [mac, state]) => {
    const at = guest.nics.findIndex((nic) => nic.mac === mac);
    if (at < 0 || (state !== "up" && state !== "down")) return failed(`error: interface ${mac} not found`, 1);
    return did(() => machine.setPlugged(guest.name, at, state === "up"));
  },
};

function did(act: () => void): Result {
  act();
  return done;
}
