import { startGuest, stopGuest } from "./build";
import { difference, look, type Seen, type SimEvent } from "./events";
import { byName, lowerUp, membersOf, type SimGuest, type SimLink, type SimState } from "./model";

/** Names something that the simulated host does not have. */
export class NoSuchThing extends Error {
  override readonly name = "NoSuchThing";
}

export type Follower = (events: readonly SimEvent[]) => void;

/**
 * A simulated hypervisor: its state, and the only place that changes it. Each change is compared with what was there before; followers get the
 * lines that `ip monitor` and its like would print. `version` grows with each change: printed output is cached by it.
 */
export class SimMachine {
  version = 1;
  /** Commands of changes that it took and does not model, in the order in which they came. */
  readonly taken: string[] = [];
  private seen: Seen | undefined;
  private readonly followers = new Set<Follower>();
  /** Kernel log records of the change that is being made. */
  private fresh: SimState["kernelLog"] = [];

  constructor(
    readonly state: SimState,
    private readonly clock: () => number,
  ) {}

  follow(follower: Follower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** Applies a change as a whole, lets the bond react, and tells the followers what it looks like from outside. */
  change(apply: (state: SimState) => void): void {
    const before = this.seen ?? look(this.state);
    this.fresh = [];
    const lights = this.lights();
    apply(this.state);
    this.noticeCarrier(lights);
    this.version += 1;
    if (this.followers.size === 0) {
      this.seen = undefined;
      return;
    }
    this.seen = look(this.state);
    const events = difference(before, this.seen);
    for (const entry of this.fresh) events.push({ source: "kernel-log", line: kernelLine(entry) });
    if (events.length > 0) for (const follower of this.followers) follower(events);
  }

  /** Tells the followers what has not happened. */
  shout(events: readonly SimEvent[]): void {
    for (const follower of this.followers) follower(events);
  }

  setCarrier(nic: string, up: boolean): void {
    this.change(() => {
      const link = this.link(nic);
      if (link.kind !== "nic") throw new NoSuchThing(`${nic} on ${this.state.id} is no NIC`);
      link.plugged = up;
    });
  }

  setAdmin(name: string, up: boolean): void {
    this.change(() => {
      this.link(name).adminUp = up;
    });
  }

  setMtu(name: string, mtu: number): void {
    this.change(() => {
      this.link(name).mtu = mtu;
    });
  }

  /** Enslaves an interface, or frees it (`master` undefined). */
  setMaster(name: string, master: string | undefined): void {
    this.change(() => {
      this.link(name).master = master === undefined ? undefined : this.link(master).ifindex;
    });
  }

  rename(from: string, to: string): void {
    this.change((state) => {
      if (byName(state, to)) throw new NoSuchThing(`${to} is taken on ${state.id}`);
      this.link(from).name = to;
    });
  }

  /** Takes the TAP of a running guest off its bridge. Returns its name. */
  detachTap(guest: string, at = 0): string {
    const tap = this.tap(guest, at);
    this.setMaster(tap.name, undefined);
    return tap.name;
  }

  /** Puts it back where the guest's XML says it belongs. */
  attachTap(guest: string, at = 0): string {
    const tap = this.tap(guest, at);
    this.setMaster(tap.name, this.guest(guest).nics[at]?.source.bridge);
    return tap.name;
  }

  startGuest(name: string): void {
    this.change((state) => {
      const guest = this.guest(name);
      if (guest.state === "shut off") startGuest(state, guest);
      else guest.state = "running";
    });
  }

  stopGuest(name: string): void {
    this.change((state) => {
      stopGuest(state, this.guest(name));
    });
  }

  pauseGuest(name: string): void {
    this.change(() => {
      this.guest(name).state = "paused";
    });
  }

  /** The virtual cable of a guest's card. */
  setPlugged(name: string, at: number, up: boolean): void {
    this.change(() => {
      const nic = this.guest(name).nics[at];
      if (nic === undefined) throw new NoSuchThing(`${name} on ${this.state.id} has no card ${at}`);
      nic.linkUp = up;
    });
  }

  /** Defines and starts a guest of any name, on `bridge`: names of guests are hostile text. */
  addGuest(name: string, bridge = "br0", mac?: string): void {
    this.change((state) => {
      const number = state.guests.size + 1;
      const tail = number.toString(16).padStart(2, "0");
      const guest: SimGuest = {
        name,
        uuid: `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`,
        state: "shut off",
        autostart: true,
        id: -1,
        pid: 0,
        nics: [
          {
            mac: mac ?? `52:54:00:ff:ff:${tail}`,
            source: { bridge },
            model: "virtio",
            ip: `10.20.254.${number}`,
            linkUp: true,
          },
        ],
      };
      state.guests.set(name, guest);
      startGuest(state, guest);
    });
  }

  setDefaultRoute(present: boolean): void {
    this.change((state) => {
      state.gatewayPresent = present;
    });
  }

  setGatewayAnswers(answers: boolean): void {
    this.change((state) => {
      state.gatewayAnswers = answers;
    });
  }

  /** The machine starts again: boot id, counters and ifindexes of TAPs are new, everything is plugged in and up. */
  reboot(bootId: string): void {
    this.change((state) => {
      state.bootId = bootId;
      state.bootedAt = this.clock();
      state.kernelLog.length = 0;
      const running = [...state.guests.values()].filter((guest) => guest.autostart);
      for (const guest of state.guests.values()) if (guest.state !== "shut off") stopGuest(state, guest);
      state.nextDomainId = 1;
      state.nextIfindex = Math.max(...state.links.keys()) + 1;
      for (const link of state.links.values())
        Object.assign(link, { adminUp: true, plugged: true, carrierUps: 1, carrierDowns: 0 });
      for (const guest of running) startGuest(state, guest);
    });
  }

  link(name: string): SimLink {
    const link = byName(this.state, name);
    if (link === undefined) throw new NoSuchThing(`${this.state.id} has no interface ${name}`);
    return link;
  }

  guest(name: string): SimGuest {
    const guest = this.state.guests.get(name);
    if (guest === undefined) throw new NoSuchThing(`${this.state.id} has no guest ${name}`);
    return guest;
  }

  tap(guest: string, at = 0): SimLink {
    const ifindex = this.guest(guest).nics[at]?.tap;
    const tap = ifindex === undefined ? undefined : this.state.links.get(ifindex);
    if (tap === undefined) throw new NoSuchThing(`${guest} on ${this.state.id} has no TAP ${at}: it does not run`);
    return tap;
  }

  private lights(): Map<number, boolean> {
    const lights = new Map<number, boolean>();
    for (const link of this.state.links.values())
      if (link.kind === "nic") lights.set(link.ifindex, lowerUp(this.state, link));
    return lights;
  }

  /** What the NIC's driver and the bonding driver do when light comes or goes: counters, kernel log, another active member. */
  private noticeCarrier(before: ReadonlyMap<number, boolean>): void {
    const { state } = this;
    for (const [ifindex, was] of before) {
      const nic = state.links.get(ifindex);
      if (nic === undefined) continue;
      const up = lowerUp(state, nic);
      if (up === was) continue;
      if (up) nic.carrierUps += 1;
      else nic.carrierDowns += 1;
      const where = `${nic.driver ?? "virtio_net"} ${nic.pci ?? ""} ${nic.name}`;
      this.log(
        6,
        up
          ? `${where}: NIC Link is Up ${(nic.speed ?? 1000) / 1000} Gbps, Flow Control: RX/TX`
          : `${where}: NIC Link is Down`,
      );
      const bond = nic.master === undefined ? undefined : state.links.get(nic.master);
      if (bond?.kind !== "bond") continue;
      if (!up) state.bondFailures.set(ifindex, (state.bondFailures.get(ifindex) ?? 0) + 1);
      this.log(
        6,
        `${bond.name}: (slave ${nic.name}): link status definitely ${up ? `up, ${nic.speed ?? 1000} Mbps full duplex` : "down, disabling slave"}`,
      );
    }
    this.chooseActive();
  }

  private chooseActive(): void {
    const { state } = this;
    const bond = [...state.links.values()].find((link) => link.kind === "bond");
    if (bond === undefined) return;
    const usable = membersOf(state, bond.ifindex).filter((member) => lowerUp(state, member));
    if (usable.some((member) => member.ifindex === state.activeMember)) return;
    const next = usable[0];
    if (next === undefined && state.activeMember !== undefined)
      this.log(4, `${bond.name}: now running without any active interface!`);
    if (next !== undefined) this.log(6, `${bond.name}: (slave ${next.name}): making interface the new active one`);
    state.activeMember = next?.ifindex;
  }

  private log(priority: number, text: string): void {
    const { kernelLog, bootedAt } = this.state;
    const entry = { at: (this.clock() - bootedAt) / 1000, priority, text };
    kernelLog.push(entry);
    this.fresh.push(entry);
    if (kernelLog.length > 500) kernelLog.splice(0, 100);
  }
}

/** A record of the kernel log as `dmesg` prints it: `[seconds.micros] text`. */
export function kernelLine(entry: SimState["kernelLog"][number]): string {
  return `[${entry.at.toFixed(6).padStart(12)}] ${entry.text}`;
}
