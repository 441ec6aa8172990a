/** What only two hypervisors on one segment can show, held against the product's own fleet: one owner too many, on the other host. */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { Finding } from "@/lib/checks/finding";
import { probes } from "@/lib/probes/registry";
import { HostSpec } from "@/lib/wire/rest";
import { makeEngine } from "@/server/collector/engine";
import { Fleet } from "@/server/collector/fleet/fleet";
import { connect } from "@/server/collector/ssh/connect";
import { guests, instance, second } from "./config";
import { describeFinding, trueOfTheLab } from "./diagnosis";
import { waitFor } from "./run";
import { Two } from "./two";

const names = { first: "kvm-01", second: second.hostname } as const;
type Side = keyof typeof names;

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

it("names the other host's guest that has the same MAC, and takes it back; without a fault nothing is red", async () => {
  for (const side of ["first", "second"] as const) expect(red(side)).toEqual([]);
  const mac = guests["web-01"].mac;
  await two.second.hv(`virsh -q attach-interface ${second.guest} bridge br0 --mac ${mac} --model virtio --live`);
  await seen(
    "both name each other's guest",
    () =>
      /web-03 @ kvm-02/.test(text("first", "mac-duplicate")) && /web-01 @ kvm-01/.test(text("second", "mac-duplicate")),
  );
  expect(unexplained("first", ["mac-duplicate"])).toEqual([]);
  await two.second.hv(`virsh -q detach-interface ${second.guest} bridge --mac ${mac} --live`);
  await seen("it is over", () => red("first").length === 0 && red("second").length === 0);
}, 600_000);

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
      open: async () => undefined,
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
  for (const side of ["first", "second"] as const) {
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

async function seen(what: string, test: () => boolean): Promise<void> {
  try {
    await waitFor(what, async () => test(), { timeoutMs: 200_000 });
  } catch (error) {
    const now = (["first", "second"] as const).flatMap((side) => red(side).map((one) => `${names[side]}: ${one}`));
    throw new Error(`${String(error)}; red now:\n${now.join("\n")}`);
  }
}
