import type { SimMachine } from "./host";
import type { SimGuest } from "./model";
import type { Random } from "./random";

/** Something that goes wrong at a time, and is mended later. */
export interface Incident {
  readonly host: string;
  readonly kind: string;
  /** For the log: "vnet3 off br0". */
  readonly says: string;
  /** Ms after the start. */
  readonly at: number;
  readonly mendedAt: number;
  apply(): void;
  mend(): void;
}

type Maker = (machine: SimMachine, source: Random) => Pick<Incident, "says" | "apply" | "mend"> | undefined;

function runningGuest(machine: SimMachine, source: Random): SimGuest | undefined {
  const running = [...machine.state.guests.values()].filter((guest) => guest.state === "running");
  return running.length === 0 ? undefined : source.pick(running);
}

const nicsOf = (machine: SimMachine) => [...machine.state.links.values()].filter((link) => link.kind === "nic");

/** A guest that is gone by then is no longer there to be mended; that is what `whileRunning` guards. */
const whileRunning = (machine: SimMachine, guest: SimGuest, act: () => void) => () => {
  if (machine.state.guests.get(guest.name)?.nics[0]?.tap !== undefined) act();
};

const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  [
    "cable-pulled",
    (machine, source) => {
      const nic = source.pick(nicsOf(machine));
      return {
        says: `cable of ${nic.name} pulled`,
        apply: () => machine.setCarrier(nic.name, false),
        mend: () => machine.setCarrier(nic.name, true),
      };
    },
  ],
  [
    "both-cables-pulled",
    (machine) => {
      const nics = nicsOf(machine);
      const all = (up: boolean) => () => {
        for (const nic of nics) machine.setCarrier(nic.name, up);
      };
      return { says: "all cables pulled", apply: all(false), mend: all(true) };
    },
  ],
  [
    "nic-set-down",
    (machine, source) => {
      const nic = source.pick(nicsOf(machine));
      return {
        says: `${nic.name} set down`,
        apply: () => machine.setAdmin(nic.name, false),
        mend: () => machine.setAdmin(nic.name, true),
      };
    },
  ],
  [
    "tap-off-bridge",
    (machine, source) => {
      const guest = runningGuest(machine, source);
      if (guest === undefined) return undefined;
      return {
        says: `TAP of ${guest.name} off its bridge`,
        apply: whileRunning(machine, guest, () => machine.detachTap(guest.name)),
        mend: whileRunning(machine, guest, () => machine.attachTap(guest.name)),
      };
    },
  ],
  [
    "tap-down",
    (machine, source) => {
      const guest = runningGuest(machine, source);
      if (guest === undefined) return undefined;
      const set = (up: boolean) =>
        whileRunning(machine, guest, () => machine.setAdmin(machine.tap(guest.name).name, up));
      return { says: `TAP of ${guest.name} down`, apply: set(false), mend: set(true) };
    },
  ],
  [
    "guest-stopped",
    (machine, source) => {
      const guest = runningGuest(machine, source);
      if (guest === undefined) return undefined;
      return {
        says: `${guest.name} stopped`,
        apply: () => machine.stopGuest(guest.name),
        mend: () => machine.startGuest(guest.name),
      };
    },
  ],
  [
    "gateway-gone",
    (machine) => ({
      says: "gateway does not answer",
      apply: () => machine.setGatewayAnswers(false),
      mend: () => machine.setGatewayAnswers(true),
    }),
  ],
  [
    "default-route-gone",
    (machine) => ({
      says: "default route gone",
      apply: () => machine.setDefaultRoute(false),
      mend: () => machine.setDefaultRoute(true),
    }),
  ],
  [
    "mtu-changed",
    (machine) => ({
      says: "MTU of bond0.120 set to 1400",
      apply: () => machine.setMtu("bond0.120", 1400),
      mend: () => machine.setMtu("bond0.120", 1500),
    }),
  ],
]);

/** Kinds of incident that a script can be made of. */
export const incidentKinds: readonly string[] = [...makers.keys()];

/** Makes one incident of a kind, with its victim chosen by the seed. Undefined where the host has nothing that it could happen to. */
export function makeIncident(
  kind: string,
  machine: SimMachine,
  source: Random,
  at: number,
  forMs: number,
): Incident | undefined {
  const maker = makers.get(kind);
  if (maker === undefined)
    throw new Error(`no kind of incident is called ${kind}; there are ${incidentKinds.join(", ")}`);
  const made = maker(machine, source);
  return made === undefined ? undefined : { ...made, host: machine.state.id, kind, at, mendedAt: at + forMs };
}

/**
 * The script of a demo: one incident each `everyMs`, each on a host of its own, mended after `forMs`; no host has two at a time as long as
 * there are more hosts than incidents that overlap. Endless: ask for as many as are needed.
 */
export function* incidentScript(
  machines: readonly SimMachine[],
  source: Random,
  everyMs: number,
  forMs: number,
): Generator<Incident, void, void> {
  const order = [...machines].sort((a, b) => (a.state.machineId < b.state.machineId ? -1 : 1));
  for (let number = 0; order.length > 0; number += 1) {
    const machine = order[number % order.length];
    if (machine === undefined) return;
    const incident = makeIncident(source.pick(incidentKinds), machine, source, number * everyMs, forMs);
    if (incident !== undefined) yield incident;
  }
}
