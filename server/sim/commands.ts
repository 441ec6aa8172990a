import type { SimMachine } from "./host";
import { byName } from "./model";

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

export const done: Result = { stdout: "", stderr: "", exit: 0 };
const failed = (stderr: string, exit: number): Result => ({ stdout: "", stderr: `${stderr}\n`, exit });

/**
 * The few commands that change a simulated host, by argument vector: what the remedies' plans run. A new one is one entry here. Anything else ends
 * with 127 and says so: a remedy that the fleet does not understand must not seem to have worked.
 */
export function runCommand(machine: SimMachine, argv: readonly string[]): Result {
  const [program, ...rest] = argv;
  if (program === "ip" && rest[0] === "link" && rest[1] === "set") return ipLinkSet(machine, rest.slice(2));
  if (program === "virsh") return virsh(machine, rest);
  return failed(`simulated host: ${argv.join(" ")}: command not found`, 127);
}

function ipLinkSet(machine: SimMachine, words: readonly string[]): Result {
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
    } else return failed(`Error: either "dev" is duplicate, or "${word}" is a garbage.`, 255);
  }
  return done;
}

function virsh(machine: SimMachine, words: readonly string[]): Result {
  const rest = words[0] === "-c" ? words.slice(2) : words;
  const [verb, name = ""] = rest;
  if (!machine.state.guests.has(name)) return failed(`error: failed to get domain '${name}'`, 1);
  if (verb === "start" || verb === "resume") machine.startGuest(name);
  else if (verb === "destroy") machine.stopGuest(name);
  else if (verb === "suspend") machine.pauseGuest(name);
  else return failed(`simulated host: virsh ${rest.join(" ")}: command not found`, 127);
  return done;
}
