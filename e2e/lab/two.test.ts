/**
 * What only two hypervisors on one segment can show, held against the product's own fleet: one owner too many on the other host, a tunnel between them, a guest that moves.
 * A run takes one of these, in turns by day (turns.ts).
 */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { Finding } from "@/lib/checks/finding";
import { probes } from "@/lib/probes/registry";
import { HostSpec } from "@/lib/wire/rest";
import { makeEngine } from "@/server/collector/engine";
import { Fleet } from "@/server/collector/fleet/fleet";
import { connect } from "@/server/collector/ssh/connect";
import { type AnyGuest, guests, hypervisor, instance, second } from "./config";
import { describeFinding, trueOfTheLab } from "./diagnosis";
import type { Lab } from "./lab";
import { waitFor } from "./run";
import { inTurns } from "./turns";
import { Two } from "./two";

const names = { first: "kvm-01", second: second.hostname } as const;
type Side = keyof typeof names;
const sides = ["first", "second"] as const;

let two: Two;
let fleet: Fleet;

beforeAll(async () => {
  two = await Two.ensure(async () => {
    vi.resetModules();
    process.env.TAPROOT_LAB_INSTANCE = process.env.TAPROOT_LAB_SECOND ?? `${instance}b`;
    return { lab: await import("./lab"), config: await import("./config") };
  });
}, 1_800_000);
afterAll(() => two?.stop());

beforeEach(async () => {
  await two.restore();
  fleet = await openFleet();
}, 600_000);
afterEach(() => fleet?.stop());

const proofs: Readonly<Record<string, () => Promise<void>>> = {
  async "names the other host's guest that has the same MAC, and takes it back; without a fault nothing is red"() {
    for (const side of sides) expect(red(side)).toEqual([]);
    const mac = guests["web-01"].mac;
    await two.second.hv(`virsh -q attach-interface ${second.guest} bridge br0 --mac ${mac} --model virtio --live`);
    await seen(
      "both name each other's guest",
      () =>
        /web-03 @ kvm-02/.test(text("first", "mac-duplicate")) &&
        /web-01 @ kvm-01/.test(text("second", "mac-duplicate")),
    );
    expect(unexplained("first", ["mac-duplicate"])).toEqual([]);
    await two.second.hv(`virsh -q detach-interface ${second.guest} bridge --mac ${mac} --live`);
    await seen("it is over", nothingRed);
  },

  async "names the other host's guest that answers for the same IP address"() {
    const address = two.first.addressOf("web-01");
    await two.second.guest(second.guest, `ip addr add ${address}/24 dev eth0`);
    for (const lab of [two.first, two.second]) await lab.hv(`ping -q -c 1 -W 2 ${address} || true`);
    await seen(
      "both name each other's guest",
      () =>
        /10\.20\.0\.11 .*web-03 @ kvm-02/.test(text("first", "address-duplicate")) &&
        /10\.20\.0\.11 .*web-01 @ kvm-01/.test(text("second", "address-duplicate")),
    );
    await two.second.guest(second.guest, `ip addr del ${address}/24 dev eth0`);
    await seen("it is over", () => text("first", "address-duplicate") + text("second", "address-duplicate") === "");
  },

  async "guests meet over a VXLAN between the hosts; only the end that points nowhere is accused, with what hangs on it"() {
    await overlay(two.first, second.address, "web-01", "10.99.0.1");
    await overlay(two.second, hypervisor.address, second.guest, "10.99.0.3");
    const meet = async () =>
      /bytes from 10\.99\.0\.3/.test(await two.first.guest("web-01", "ping -c 1 -W 3 10.99.0.3; true"));
    await waitFor("the guests meet over the tunnel", meet, { timeoutMs: 60_000 });
    await seen("both have judged it", () => sides.every((side) => judged(side, "vxlan-underlay")));
    await seen("a tunnel that works is no fault", nothingRed);
    await two.first.hv("ip link set vxlan100 type vxlan remote 10.20.0.77");
    // What each asks once more, five seconds after they last met, is learned for two; the kernel looks every ten for what is to be forgotten.
    await waitFor("the guests meet no more", async () => !(await meet()), { timeoutMs: 90_000, everyMs: 20_000 });
    await two.first.guest("web-01", "ping 10.99.0.3 >/dev/null 2>&1 &");
    await seen("the end that points nowhere is named", () => /10\.20\.0\.77/.test(text("first", "vxlan-underlay")));
    expect(text("second", "vxlan-underlay"), "the other end's own remote is well").toBe("");
    // The guest itself has another way, by its first NIC: cut off is what hangs on the tunnel.
    const statusOn = (bridge: string) =>
      snapshotOf("first").nodes.find(
        ({ kind, attributes }) => kind === "vnic" && attributes.vm === "web-01" && attributes.bridge === bridge,
      )?.status;
    expect([statusOn("br0"), statusOn("overlay")]).toEqual(["ok", "impacted"]);
    expect(unexplained("first", ["vxlan-underlay"])).toEqual([]);
    await two.first.guest("web-01", "killall ping");
    await two.first.hv(`ip link set vxlan100 type vxlan remote ${second.address}`);
    await waitFor("the guests meet again", meet, { timeoutMs: 60_000 });
    await seen("it is over", nothingRed);
  },

  async "a guest that moves to the other host alive, and back, is nobody's duplicate and leaves nothing red"() {
    for (const lab of [two.first, two.second]) await lab.hv(takeGuests, 60_000);
    const accused = new Set<string>();
    const watch = setInterval(() => {
      for (const side of sides)
        for (const { check, message } of findings(side)) if (/duplicate|spoof/.test(check)) accused.add(message);
    }, 200);
    try {
      await move(two.first, second.address);
      await arrived("second");
      await move(two.second, hypervisor.address);
      await arrived("first");
    } finally {
      clearInterval(watch);
    }
    expect([...accused]).toEqual([]);
  },
};

const chosen = inTurns(Object.keys(proofs), 1);
for (const [name, proof] of Object.entries(proofs)) if (chosen.has(name)) it(name, proof, 900_000);

/** A bridge of its own at the end of a tunnel to `remote`, and a second NIC of the guest on it. The tunnel forgets soon what it has learned: that would hide a wrong remote. */
async function overlay(lab: Lab, remote: string, guest: AnyGuest, address: string): Promise<void> {
  await lab.hv(
    `ip link add vxlan100 type vxlan id 100 remote ${remote} dstport 4789 dev br0 ageing 2 && ip link add overlay type bridge && ip link set overlay mtu 1450 up && ip link set vxlan100 mtu 1450 master overlay up && virsh -q attach-interface ${guest} bridge overlay --model virtio --live`,
    60_000,
  );
  await waitFor(`${guest} has its second NIC`, async () => /eth1/.test(await lab.guest(guest, "ls /sys/class/net")), {
    timeoutMs: 60_000,
  });
  // Without IPv6, whose solicitations would tell the other end for minutes where the guest is, whatever its own remote.
  await lab.guest(
    guest,
    `echo 1 >/proc/sys/net/ipv6/conf/eth1/disable_ipv6; ip addr add ${address}/24 dev eth1; ip link set eth1 up`,
  );
}

/** Lets libvirt take guests by plain TCP: the segment is the lab's own, and nobody else is on it. */
const takeGuests = `printf 'auth_tcp = "none"\n' >>/etc/libvirt/libvirtd.conf
systemctl stop libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket
systemctl start libvirtd-tcp.socket libvirtd.service`;

async function move(from: Lab, to: string): Promise<void> {
  await from.hv(`virsh -q migrate --live --persistent web-01 qemu+tcp://${to}/system tcp://${to}`, 300_000);
}

/** The guest runs there and answers, is off where it came from, and nothing is red on either host. */
async function arrived(there: Side): Promise<void> {
  await two.first.guestAnswers("web-01", 60_000);
  const state = (side: Side) =>
    snapshotOf(side).nodes.find((node) => node.kind === "vm" && node.name === "web-01")?.attributes.state;
  await seen(`web-01 runs on ${names[there]}, and only there`, () =>
    sides.every((side) => (state(side) === "running") === (side === there)),
  );
  await seen("nothing is red after the move", nothingRed);
}

/** The product's fleet, watching both hosts; resolves when every probe of both has had its turn. */
async function openFleet(): Promise<Fleet> {
  const known = [two.first, two.second].flatMap((lab) => readFileSync(lab.ssh.knownHostsPath, "utf8").split("\n"));
  const log: string[] = [];
  const made = new Fleet({
    epoch: "lab",
    connect: (spec, keys, options) => connect(spec, keys, { connectTimeoutMs: 60_000, ...options }),
    keys: { lines: () => known },
    makeEngine,
    probes,
    memory: { get: async () => ({}), put: async () => undefined, drop: async () => undefined },
    problems: {
      put: async () => undefined,
      close: async () => undefined,
      openOf: async () => [],
      history: async () => [],
      prune: async () => 0,
    },
    settings: {},
    pace: { fastMs: 6_000, slowMs: 15_000 },
    log: (event, more) => log.push(`${event} ${JSON.stringify(more)}`),
    onDelta: () => undefined,
    onFleet: () => undefined,
  });
  for (const side of sides) {
    const { host, port, user, privateKeyPath } = two[side].ssh;
    const privateKey = readFileSync(privateKeyPath, "utf8");
    await made.add(HostSpec.parse({ id: names[side], address: host, port, user, login: { kind: "key", privateKey } }));
  }
  try {
    await waitFor("everything has been read", async () => made.hosts().every((actor) => actor.readAll), {
      timeoutMs: 300_000,
    });
  } catch (error) {
    await made.stop();
    throw new Error(`${String(error)}; the fleet says:\n${log.slice(-20).join("\n")}`);
  }
  return made;
}

const snapshotOf = (side: Side) => {
  const actor = fleet.host(names[side]);
  if (!actor) throw new Error(`${names[side]} is not in the fleet`);
  return actor.engine.snapshot();
};

const findings = (side: Side): Finding[] =>
  snapshotOf(side).findings.filter((one) => one.status !== "unknown" && !trueOfTheLab.has(one.check));

const red = (side: Side): string[] => findings(side).map(describeFinding);

const nothingRed = (): boolean => sides.every((side) => red(side).length === 0);

const text = (side: Side, check: string): string =>
  findings(side)
    .filter((one) => one.check === check)
    .map(describeFinding)
    .join("\n");

/** Accusations that neither are these nor stand under another. */
const unexplained = (side: Side, checks: readonly string[]): string[] =>
  findings(side)
    .filter((one) => !checks.includes(one.check) && one.cause === undefined)
    .map(describeFinding);

const judged = (side: Side, check: string): boolean =>
  snapshotOf(side).passed.some((one) => one.checks.includes(check));

async function seen(what: string, test: () => boolean): Promise<void> {
  try {
    await waitFor(what, async () => test(), { timeoutMs: 200_000 });
  } catch (error) {
    const now = sides.flatMap((side) => red(side).map((one) => `${names[side]}: ${one}`));
    throw new Error(`${String(error)}; red now:\n${now.join("\n")}`);
  }
}
