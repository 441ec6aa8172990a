import fc from "fast-check";
import { expect, it } from "vitest";
import { rules } from "@/lib/causes/registry";
import { examplesOf } from "@/lib/checks/examples";
import { withRules } from "@/lib/checks/firewall/examples";
import { withHost } from "@/lib/checks/host-examples";
import { ovsHost } from "@/lib/checks/ovs-examples";
import { checks } from "@/lib/checks/registry";
import {
  addLinks,
  adminDown,
  bondHost,
  edit,
  enslaved,
  memberDown,
  natHost,
  noCarrier,
  plainHost,
  setLink,
  tap,
  unread,
} from "@/lib/checks/testing";
import { applyDelta } from "@/lib/diff/snapshot";
import type { Facts } from "@/lib/facts/facts";
import { passes } from "@/lib/graph/passes/registry";
import type { Link } from "@/lib/probes/ip-link";
import type { HostInfo, HostSnapshot } from "@/lib/wire/model";
import { Engine } from "./engine";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };

/** Things that happen to a host; each starts from the facts as they are. A step that does not fit (the interface is gone) changes nothing. */
const steps: Record<string, (facts: Facts) => Facts> = {
  heal: () => bondHost(3),
  "nic0 dies": (facts) => memberDown(facts, "nic0"),
  "nic1 dies": (facts) => memberDown(facts, "nic1"),
  "nic1 is set down": (facts) => adminDown(facts, "nic1"),
  "mgmt0 loses its cable": (facts) => noCarrier(facts, "mgmt0"),
  "br0 is set down": (facts) => adminDown(facts, "br0"),
  "bond0 leaves br0": (facts) => setLink(facts, "bond0", { master: undefined }),
  "vnet0 leaves br0": (facts) => setLink(facts, "vnet0", { master: undefined }),
  "vnet1 narrows": (facts) => setLink(facts, "vnet1", { mtu: 1400 }),
  "vnet2 goes": (facts) => edit(facts, "ip-link", (links) => links.filter((link) => link.ifname !== "vnet2")),
  "a TAP comes": (facts) => addLinks(facts, enslaved(tap(77, "tap77", "52:54:00:77:77:77"), "br0")),
  "web-03 is off": (facts) =>
    edit(facts, "libvirt-state", (all) =>
      all.map((one) => (one.name === "web-03" ? { ...one, state: "shut off" as const, interfaces: [] } : one)),
    ),
  "two MACs are one": (facts) =>
    edit(facts, "libvirt-domains", (all) =>
      all.map((one) => ({ ...one, interfaces: one.interfaces.map((nic) => ({ ...nic, mac: "52:54:00:5b:00:01" })) })),
    ),
  "the gateway fails": (facts) =>
    edit(facts, "ip-neigh", (all) =>
      all.map((one) => (one.dst === "10.20.0.1" ? { ...one, lladdr: undefined, state: ["FAILED"] } : one)),
    ),
  "the default route goes": (facts) => edit(facts, "ip-route", (all) => all.filter((one) => one.dst !== "default")),
  "bond0 gets an address": (facts) =>
    edit(facts, "ip-addr", (all) =>
      all.map((one) =>
        one.ifname === "bond0"
          ? { ...one, addr_info: [{ family: "inet" as const, local: "192.0.2.9", prefixlen: 24, scope: "global" }] }
          : one,
      ),
    ),
  "bond not read": (facts) => unread(facts, "bond"),
  "addresses not read": (facts) => unread(facts, "ip-addr"),
  "libvirt silent": (facts) => unread(facts, "libvirt-domains"),
  "libvirt gone": (facts) => unread(facts, "libvirt-domains", "absent", ""),
  "links not read": (facts) => unread(facts, "ip-link"),
};

function apply(facts: Facts, step: string): Facts {
  try {
    return steps[step]?.(facts) ?? facts;
  } catch {
    // The step needs something that an earlier one took away.
    return facts;
  }
}

const shown = ({ nodes, edges, findings, problems, passed }: HostSnapshot) => ({
  nodes,
  edges,
  findings,
  problems,
  passed,
});

it("what is judged bit by bit equals what is judged from scratch, and the deltas add up to it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (sequence, whole) => {
        // A reading of everything takes a sample of everything: checks that judge samples are compared only where both read everything.
        const units = { passes, rules, checks: whole ? checks : checks.filter((check) => !check.track) };
        const engine = new Engine(info, "e", {}, {}, units);
        let facts = bondHost(3);
        engine.read(facts, [], 1000);
        let client = engine.snapshot();
        for (const [at, step] of sequence.entries()) {
          // What is read again is made anew by its parser.
          const next = whole ? structuredClone(apply(facts, step)) : apply(facts, step);
          // Half of the time only what differs is read again.
          const read = whole
            ? next
            : (Object.fromEntries(
                Object.entries(next).filter(([probe, value]) => facts[probe as keyof Facts] !== value),
              ) as Facts);
          const before = JSON.parse(JSON.stringify(engine.memory()));
          facts = next;
          const delta = engine.read(read, [], 2000 + at * 1000);
          if (delta) client = applyDelta<HostSnapshot>(client, delta);
          expect(client).toEqual(engine.snapshot());
          if (Object.values(facts).some((value) => value && !value.ok)) continue;
          const fresh = new Engine(info, "e", before, {}, units);
          fresh.read(facts, [], 2000 + at * 1000);
          expect(shown(engine.snapshot())).toEqual(shown(fresh.snapshot()));
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

/** Hosts of every kind, with all that any check's example knows of: firewall, host, switch, forwarding tables, OVS, VLANs. */
const examples: readonly Facts[] = [...examplesOf.values()].flatMap(({ good, bad, unknown }) =>
  [...good, ...bad, ...unknown].map((example) => example.facts),
);
const everything: Facts = Object.assign({}, ...examples) as Facts;
const base = (facts: Facts): Facts => withHost(withRules({ ...everything, ...facts }));
const hosts: Record<string, Facts> = {
  "bond and bridge": base(bondHost(6)),
  "many guests": base(bondHost(20)),
  NAT: base(natHost(3)),
  "Open vSwitch": base(ovsHost()),
  plain: base(plainHost()),
  "of few facts": bondHost(4),
};

/** What any example says of a probe, good or bad, can be read at any time. */
const readings = new Map<string, NonNullable<Facts[keyof Facts]>[]>();
for (const facts of examples)
  for (const [probe, read] of Object.entries(facts))
    if (read) readings.set(probe, [...(readings.get(probe) ?? []), read]);

type Change = (facts: Facts) => Facts;

/** Small changes to one interface, as `ip monitor` tells them and as it does not. */
const linkChanges: readonly ((at: number) => Change)[] = [
  ...[1400, 1500, 9000].map((mtu) => (at: number) => someLink(at, (link) => ({ ...link, mtu }))),
  (at) =>
    someLink(at, (link) => ({ ...link, flags: link.flags.filter((flag) => flag !== "LOWER_UP"), operstate: "DOWN" })),
  (at) => someLink(at, (link) => ({ ...link, flags: [], operstate: "DOWN" })),
  (at) => someLink(at, (link) => ({ ...link, flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"], operstate: "UP" })),
  (at) => someLink(at, (link) => ({ ...link, master: undefined })),
  (at) => someLink(at, (link, all) => ({ ...link, master: all[(at * 7) % all.length]?.ifname })),
  (at) => someLink(at, (link, all) => ({ ...link, address: all[(at * 5) % all.length]?.address })),
  (at) => someLink(at, (link) => ({ ...link, ifname: `${link.ifname}x`.slice(0, 15) })),
  (at) => someLink(at, (link) => ({ ...link, qdisc: "noqueue", altnames: ["enp1s0"] })),
  (at) => someLink(at, (link) => ({ ...link, linkinfo: { ...link.linkinfo, info_slave_data: { state: "disabled" } } })),
  (at) => (facts) => editLinks(facts, (links) => links.filter((_, index) => index !== at % links.length)),
  () => (facts) => editLinks(facts, (links) => [...links].reverse()),
  // A new reading of the same: nothing is the same object, and nothing has changed.
  () => (facts) => structuredClone(facts),
];

const editLinks = (facts: Facts, change: (links: readonly Link[]) => readonly Link[]): Facts =>
  facts["ip-link"]?.ok ? edit(facts, "ip-link", (links) => [...change(links)]) : facts;

function someLink(at: number, change: (link: Link, all: readonly Link[]) => Link): Change {
  return (facts) =>
    editLinks(facts, (links) => links.map((link, index) => (index === at % links.length ? change(link, links) : link)));
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.constantFrom(...linkChanges), fc.nat(60)).map(([make, at]) => make(at)),
  fc.constantFrom(...readings.keys()).chain((probe) =>
    fc.constantFrom(...(readings.get(probe) ?? [])).map(
      (read): Change =>
        (facts) => ({ ...facts, [probe]: read }),
    ),
  ),
  fc.constantFrom(...examples).map(
    (example): Change =>
      (facts) => ({ ...facts, ...example }),
  ),
  fc.constantFrom(...readings.keys()).map(
    (probe): Change =>
      (facts) =>
        unread(facts, probe as keyof Facts),
  ),
  fc.constantFrom(...readings.keys()).map(
    (probe): Change =>
      (facts) =>
        unread(facts, probe as keyof Facts, "absent", ""),
  ),
);

const timeless = ({ nodes, edges, findings, problems, passed }: HostSnapshot) => ({
  nodes,
  edges,
  findings: findings.map(({ since, ...finding }) => finding),
  problems: problems.map(({ since, last, flaps, ...problem }) => problem),
  passed,
});

it("the same for every probe, on hosts of every kind: graph, findings, causes, impacts", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(hosts)),
      fc.array(fc.array(change, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (kind, sequence, whole) => {
        const units = { passes, rules, checks: whole ? checks : checks.filter((check) => !check.track) };
        const engine = new Engine(info, "e", {}, {}, units);
        let facts = hosts[kind] ?? {};
        let held = facts;
        engine.read(facts, [], 1000);
        let client = engine.snapshot();
        for (const [at, changes] of sequence.entries()) {
          const changed = changes.reduce((before, one) => one(before), facts);
          // What is read again is made anew by its parser.
          const next = whole ? structuredClone(changed) : changed;
          const read = whole ? next : onlyNew(facts, next);
          const before = JSON.parse(JSON.stringify(engine.memory()));
          facts = next;
          const delta = engine.read(read, [], 2000 + at * 1000);
          if (delta) client = applyDelta<HostSnapshot>(client, delta);
          expect(client).toEqual(engine.snapshot());
          // What cannot be read again stays in the graph as it was: so it has to be for the other one.
          held = holdOver(held, facts);
          const same = Object.keys(onlyNew(held, facts)).length === 0;
          // Two readings would be two samples.
          if (whole && !same) continue;
          const fresh = new Engine(info, "e", before, {}, units);
          if (!same) fresh.read(held, [], 2000 + at * 1000);
          fresh.read(facts, [], 2000 + at * 1000);
          expect(timeless(engine.snapshot())).toEqual(timeless(fresh.snapshot()));
        }
      },
    ),
    { numRuns: Number(process.env.TAPROOT_RUNS ?? 80) },
  );
}, 600_000);

const onlyNew = (before: Facts, after: Facts): Facts =>
  Object.fromEntries(Object.entries(after).filter(([probe, read]) => before[probe as keyof Facts] !== read)) as Facts;

function holdOver(held: Facts, now: Facts): Facts {
  const next: Record<string, unknown> = { ...held };
  for (const [probe, read] of Object.entries(now))
    if (read?.ok || read?.why === "absent" || !held[probe as keyof Facts]?.ok) next[probe] = read;
  return next as Facts;
}

it("what is told in the order of the interfaces follows it", () => {
  const facts = memberDown(bondHost(2), "nic0", "nic1");
  const turned = edit(facts, "ip-link", (links) => [...links].reverse());
  const units = { passes, rules, checks };
  const engine = new Engine(info, "e", {}, {}, units);
  engine.read(facts, [], 1000);
  engine.read({ "ip-link": turned["ip-link"] }, [], 2000);
  const fresh = new Engine(info, "e", {}, {}, units);
  fresh.read(turned, [], 2000);
  expect(timeless(engine.snapshot())).toEqual(timeless(fresh.snapshot()));
});
