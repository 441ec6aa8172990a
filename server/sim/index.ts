import type { HostSpec } from "@/lib/wire/rest";
import type { RootMode } from "@/server/collector/ssh/dialects/dialect";
import { buildHost } from "./build";
import { NoSuchThing, SimMachine } from "./host";
import { type Incident, incidentScript } from "./incidents";
import { makeKey, type SimKey } from "./keys";
import { type Random, random } from "./random";
import { type Forge, SimServer } from "./server";

export { incidentKinds } from "./incidents";

export interface SimOptions {
  readonly hosts: number;
  /** Guests of each host, at most 60. */
  readonly guests: number;
  readonly seed: number;
  /** Place of the first host in the fleet, which gives names and addresses: two simulations with other places make one fleet. Default 0, at most 1,000. */
  readonly firstIndex?: number;
  /** First port; the hosts take the ports from here on. 0 (default): free ports. */
  readonly port?: number;
  /** Small changes over the whole fleet, to load what follows them: guests' TAPs that go down and up again. Default 0. */
  readonly eventsPerSecond?: number;
  /** Scripted incidents from the seed: one each `everyMs`, mended after `forMs`. Default: none. */
  readonly incidents?: {
    readonly everyMs: number;
    readonly forMs: number;
    readonly onIncident?: (incident: Incident, mended: boolean) => void;
  };
  readonly user?: string;
  readonly password?: string;
  readonly authorizedKeys?: readonly string[];
  /** How root is had on the hosts. Default `direct`; `password`: sudo wants the login's password. */
  readonly root?: RootMode | "password";
  readonly clock?: () => number;
}

/** One simulated host, as a test or a demo turns its screws. Names that it does not have are errors. */
export interface SimHost {
  readonly id: string;
  readonly port: number;
  /** The network: cables, TAPs, guests, routes (see host.ts). */
  readonly machine: SimMachine;
  readonly key: SimKey;
  /** NICs by place: "nic0" is the first, whatever it is called. Plain interface names are taken too. */
  setCarrier(nic: string, up: boolean): void;
  setAdmin(name: string, up: boolean): void;
  detachTap(guest: string, at?: number): string;
  attachTap(guest: string, at?: number): string;
  rename(from: string, to: string): void;
  /** Answers nothing any more, TCP stays; `hang(false)` wakes it. */
  hang(hung?: boolean): void;
  /** Every probe prints that many bytes of rubbish; 0 ends it. */
  garbage(bytes?: number): void;
  /** A probe that never ends (`stuck`), or whose tool is missing. */
  spoil(probe: string, how: "stuck" | "missing" | "well"): void;
  /** Every probe prints what this makes of its honest answer; undefined: honest again. */
  forge(forge: Forge | undefined): void;
  /** Writes into its held shells what nobody asked for. */
  noise(bytes: Buffer): void;
  /** Ends all connections and comes back at once with a new boot id. */
  reboot(): void;
  /** Ends all connections; the host itself is well. */
  drop(): void;
  /** From now on it shows another key, as after a new installation. */
  changeKey(): SimKey;
}

export interface Sim {
  readonly hosts: readonly SimHost[];
  host(id: string): SimHost;
  /** What the collector needs to connect, in the form of the add-host form. */
  specs(): HostSpec[];
  /** known_hosts lines of all hosts. */
  knownHosts(): string[];
  stop(): Promise<void>;
}

const maxGuests = 60;

/**
 * Starts a fleet of simulated hypervisors on 127.0.0.1: each a real SSH server on a port of its own, with a host key of its own that the seed decides.
 * They speak the collector's own protocol and answer its probes in the format of the real tools. Rejects where a port is taken.
 */
export async function startSim(options: SimOptions): Promise<Sim> {
  if (options.guests > maxGuests) throw new Error(`at most ${maxGuests} guests a host, not ${options.guests}`);
  const source = random(options.seed);
  const clock = options.clock ?? Date.now;
  const access = {
    user: options.user ?? "root",
    password: options.password ?? hexOf(source.fork("password").bytes(12)),
    authorizedKeys: options.authorizedKeys ?? [],
    root: options.root ?? "direct",
  };
  const started: { host: Handle; server: SimServer }[] = [];
  const stop = async () => {
    await Promise.all(started.map(({ server }) => server.close()));
  };
  try {
    for (let index = 0; index < options.hosts; index += 1) {
      const place = (options.firstIndex ?? 0) + index;
      const machine = new SimMachine(buildHost(options.seed, place, options.guests, clock()), clock);
      const keys = source.fork(`key-${place}`);
      const server = new SimServer(machine, access, makeKey(keys.fork("0")), clock);
      const port = await server.listen(options.port === undefined || options.port === 0 ? 0 : options.port + index);
      started.push({ host: new Handle(machine, server, port, keys), server });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const hosts = started.map(({ host }) => host);
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const timers = [
    ...churn(hosts, source.fork("churn"), options.eventsPerSecond ?? 0),
    script(hosts, source.fork("incidents"), options),
  ];
  return {
    hosts,
    host(id) {
      const host = byId.get(id);
      if (host === undefined) throw new Error(`the simulated fleet has no host ${id}`);
      return host;
    },
    specs: () =>
      hosts.map((host) => ({
        id: host.id,
        address: "127.0.0.1",
        port: host.port,
        user: access.user,
        login: { kind: "password", password: access.password },
        sudo: { kind: "auto" },
        jump: [],
      })),
    knownHosts: () => hosts.map((host) => `[127.0.0.1]:${host.port} ${host.key.publicLine}`),
    async stop() {
      for (const end of timers) end();
      await stop();
    },
  };
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

class Handle implements SimHost {
  readonly id: string;
  private boots = 0;
  private keyNumber = 0;
  private current: SimKey;

  constructor(
    readonly machine: SimMachine,
    private readonly server: SimServer,
    readonly port: number,
    private readonly keys: Random,
  ) {
    this.id = machine.state.id;
    this.current = makeKey(keys.fork("0"));
  }

  get key(): SimKey {
    return this.current;
  }

  setCarrier(nic: string, up: boolean): void {
    const place = /^nic(\d+)$/.exec(nic);
    const nics = [...this.machine.state.links.values()].filter((link) => link.kind === "nic");
    this.machine.setCarrier((place ? nics[Number(place[1])]?.name : undefined) ?? nic, up);
  }

  setAdmin(name: string, up: boolean): void {
    this.machine.setAdmin(name, up);
  }

  detachTap(guest: string, at?: number): string {
    return this.machine.detachTap(guest, at);
  }

  attachTap(guest: string, at?: number): string {
    return this.machine.attachTap(guest, at);
  }

  rename(from: string, to: string): void {
    this.machine.rename(from, to);
  }

  hang(hung = true): void {
    this.server.setHung(hung);
  }

  garbage(bytes = 4_096): void {
    this.server.tricks.garbageBytes = bytes;
  }

  spoil(probe: string, how: "stuck" | "missing" | "well"): void {
    const { stuck, missing } = this.server.tricks;
    stuck.delete(probe);
    missing.delete(probe);
    if (how === "stuck") stuck.add(probe);
    if (how === "missing") missing.add(probe);
  }

  forge(forge: Forge | undefined): void {
    this.server.tricks.forge = forge;
  }

  noise(bytes: Buffer): void {
    this.server.noise(bytes);
  }

  reboot(): void {
    this.boots += 1;
    this.machine.reboot(`00000000-0000-4000-9000-${String(this.boots).padStart(12, "0")}`);
    this.server.drop();
  }

  drop(): void {
    this.server.drop();
  }

  changeKey(): SimKey {
    this.keyNumber += 1;
    this.current = makeKey(this.keys.fork(String(this.keyNumber)));
    this.server.setKey(this.current);
    return this.current;
  }
}

/** Small changes at a steady rate: each takes a TAP down, or the one before up again, so that the fleet stays as healthy as it was. */
function churn(hosts: readonly SimHost[], source: Random, perSecond: number): (() => void)[] {
  if (perSecond <= 0 || hosts.length === 0) return [];
  let lastDown: { host: SimHost; tap: number } | undefined;
  const timer = setInterval(() => {
    if (lastDown !== undefined) {
      const { host, tap } = lastDown;
      const link = host.machine.state.links.get(tap);
      lastDown = undefined;
      if (link !== undefined) host.machine.setAdmin(link.name, true);
      return;
    }
    const host = source.pick(hosts);
    const taps = [...host.machine.state.links.values()].filter((link) => link.kind === "tap" && link.adminUp);
    if (taps.length === 0) return;
    const tap = source.pick(taps);
    host.machine.setAdmin(tap.name, false);
    lastDown = { host, tap: tap.ifindex };
  }, 1000 / perSecond);
  timer.unref();
  return [() => clearInterval(timer)];
}

/** Somebody may have renamed or removed the victim meanwhile: then there is nothing left to break or mend. */
function unlessGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof NoSuchThing)) throw error;
  }
}

/** Plays the incidents of the seed. */
function script(hosts: readonly SimHost[], source: Random, options: SimOptions): () => void {
  const { incidents } = options;
  if (incidents === undefined) return () => undefined;
  const timers = new Set<NodeJS.Timeout>();
  const began = Date.now();
  const plan = incidentScript(
    hosts.map((host) => host.machine),
    source,
    incidents.everyMs,
    incidents.forMs,
  );
  const at = (ms: number, act: () => void) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        unlessGone(act);
      },
      Math.max(0, began + ms - Date.now()),
    );
    timer.unref();
    timers.add(timer);
  };
  const next = () => {
    const { value: incident } = plan.next();
    if (incident === undefined) return;
    at(incident.at, () => {
      next();
      incident.apply();
      incidents.onIncident?.(incident, false);
    });
    at(incident.mendedAt, () => {
      incident.mend();
      incidents.onIncident?.(incident, true);
    });
  };
  next();
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}
