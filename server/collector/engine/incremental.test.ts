import fc from "fast-check";
import { expect, it } from "vitest";
import { rules } from "@/lib/causes/registry";
import { checks } from "@/lib/checks/registry";
import {
  addLinks,
  adminDown,
  bondHost,
  edit,
  enslaved,
  memberDown,
  noCarrier,
  setLink,
  tap,
  unread,
} from "@/lib/checks/testing";
import { applyDelta } from "@/lib/diff/snapshot";
import type { Facts } from "@/lib/facts/facts";
import { passes } from "@/lib/graph/passes/registry";
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

const shown = ({ nodes, edges, findings, passed }: HostSnapshot) => ({ nodes, edges, findings, passed });

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
          const next = apply(facts, step);
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
