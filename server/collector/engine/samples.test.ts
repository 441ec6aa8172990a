import { describe, expect, it } from "vitest";
import { check as arpIncomplete } from "@/lib/checks/addressing/arp-incomplete";
import { examples as arpIncompleteExamples } from "@/lib/checks/addressing/arp-incomplete.examples";
import { check as gatewayUnreachable } from "@/lib/checks/addressing/gateway-unreachable";
import { examples as gatewayUnreachableExamples } from "@/lib/checks/addressing/gateway-unreachable.examples";
import { check as guestNoAddress } from "@/lib/checks/addressing/guest-no-address";
import { examples as guestNoAddressExamples } from "@/lib/checks/addressing/guest-no-address.examples";
import { check as bridgeLoop } from "@/lib/checks/bridge/bridge-loop";
import { examples as bridgeLoopExamples } from "@/lib/checks/bridge/bridge-loop.examples";
import { check as broadcastStorm } from "@/lib/checks/bridge/broadcast-storm";
import { check as fdbGuestOnUplink } from "@/lib/checks/bridge/fdb-guest-on-uplink";
import { examples as fdbGuestOnUplinkExamples } from "@/lib/checks/bridge/fdb-guest-on-uplink.examples";
import { counted } from "@/lib/checks/bridge-examples";
import type { Check } from "@/lib/checks/define";
import { check as datapathProgram } from "@/lib/checks/tap/datapath-program";
import { examples as datapathProgramExamples } from "@/lib/checks/tap/datapath-program.examples";
import { check as nwfilterBlocks } from "@/lib/checks/tap/nwfilter-blocks";
import { examples as nwfilterBlocksExamples } from "@/lib/checks/tap/nwfilter-blocks.examples";
import { bondHost, factsOf, macOf, setLink, uuidOf } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import { passes } from "@/lib/graph/passes/registry";
import type { HostInfo } from "@/lib/wire/model";
import { Engine } from "./engine";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };

/** libvirt's chain against false ARP, which has dropped `packets` of web-01. */
function dropped(packets: number) {
  const place = { family: "bridge", table: "nat", chain: "I-vnet0-arp-ip" };
  return factsOf({
    nft: {
      tables: [{ family: "bridge", name: "nat" }],
      chains: [{ family: "bridge", table: "nat", name: "I-vnet0-arp-ip" }],
      rules: [{ ...place, expr: [{ counter: { packets, bytes: packets * 28 } }, { drop: null }] }],
      sets: [],
    },
  });
}

// Found in the lab: probes of one sweep come in several readings, and counters that came apart from what the check needs were never sampled.
it("counters that are read apart from what the check needs are sampled with each reading of them", () => {
  const facts = nwfilterBlocksExamples.bad.find(({ name }) => name.startsWith("nobody told"))?.facts ?? {};
  const engine = new Engine(info, "e1", {}, {}, { passes, checks: [nwfilterBlocks], rules: [] });
  const found = () => engine.snapshot().findings.find(({ subject }) => subject.startsWith("h/vnic/web-01/"));
  engine.read(facts, [], 1_000);
  engine.read(dropped(1), [], 2_000);
  expect(found()).toBeUndefined();
  engine.read(dropped(40), [], 32_000);
  expect(found()).toMatchObject({ check: "nwfilter-blocks", status: "warn" });
});

it("what a filter dropped before the first reading that shows it counts from nothing", () => {
  const facts = nwfilterBlocksExamples.bad.find(({ name }) => name.startsWith("nobody told"))?.facts ?? {};
  const engine = new Engine(info, "e1", {}, {}, { passes, checks: [nwfilterBlocks], rules: [] });
  engine.read(facts, [], 1_000);
  engine.read(factsOf({ nft: { tables: [], chains: [], rules: [], sets: [] } }), [], 2_000);
  engine.read(dropped(40), [], 32_000);
  expect(engine.snapshot().findings).toContainEqual(expect.objectContaining({ check: "nwfilter-blocks" }));
});

// Found in the lab: the gateway had answered before the routes were read that make it known, and nobody remembered.
it("what was read of a subject before it was known is its first sample", () => {
  const answering = gatewayUnreachableExamples.good.find(({ name }) => name === "answers")?.facts ?? {};
  const mute = gatewayUnreachableExamples.good.find(({ name }) => name.startsWith("alive, mute"))?.facts ?? {};
  const { "gateway-ping": answered, ...others } = answering;
  const { "gateway-ping": silent } = mute;
  const engine = new Engine(info, "e1", {}, {}, { passes, checks: [gatewayUnreachable], rules: [] });
  const found = () => engine.snapshot().findings.find(({ subject }) => subject === "h/gateway/10.20.0.1");
  engine.read({ "gateway-ping": answered }, [], 1_000);
  engine.read(others, [], 2_000);
  engine.read({ "gateway-ping": silent }, [], 30_000);
  expect(found(), "silent for a moment").toBeUndefined();
  engine.read({ "gateway-ping": silent }, [], 61_000);
  expect(found()).toMatchObject({ check: "gateway-unreachable", status: "warn" });
});

it("is of the time at which it was read, also where what made the subject known is needed by the check too", () => {
  const asked = arpIncompleteExamples.bad[0]?.facts ?? {};
  const { "ip-neigh": neighbours, ...others } = asked;
  const engine = new Engine(info, "e1", {}, {}, { passes, checks: [arpIncomplete], rules: [] });
  engine.read(neighbours?.ok ? { "ip-neigh": { ...neighbours, at: 1_000 } } : {}, [], 1_000);
  engine.read(others, [], 4_000);
  const rows = engine.memory().samples as readonly (readonly [string, ...number[]])[];
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.map(([, at]) => at)).toEqual(rows.map(() => 1_000));
});

// Found by a property test: whoever had nothing to ask for at first, since no guest was plugged in yet, was never sampled again.
it("a guest that is plugged in after all else was read is sampled with the next sweep", () => {
  const { "ip-link": links, "libvirt-state": states, ...first } = guestNoAddressExamples.bad[0]?.facts ?? {};
  const engine = new Engine(info, "e1", {}, {}, { passes, checks: [guestNoAddress], rules: [] });
  engine.read(first, [], 1_000);
  engine.read({ "ip-link": links, "libvirt-state": states }, [], 2_000);
  for (let at = 30_000; at <= 330_000; at += 30_000) engine.read(structuredClone(first), [], at);
  expect(engine.snapshot().findings).toContainEqual(
    expect.objectContaining({ check: "guest-no-address", status: "warn" }),
  );
});

// Found by a property test: its counters stand under a name that means moving counters everywhere else, and nothing else of the fact had changed.
it("a policer that begins to drop is told of with the reading that shows it", () => {
  const { bad, good } = datapathProgramExamples;
  const { tc: still, ...others } = good.find(({ name }) => name === "a policer that has dropped nothing")?.facts ?? {};
  const { tc: dropping } = bad.find(({ name }) => name === "a policer that lets nothing pass")?.facts ?? {};
  const engine = new Engine(info, "e1", {}, {}, { passes, checks: [datapathProgram], rules: [] });
  engine.read({ ...others, tc: still }, [], 1_000);
  expect(engine.snapshot().findings).toEqual([]);
  engine.read({ tc: dropping }, [], 61_000);
  expect(engine.snapshot().findings).toContainEqual(expect.objectContaining({ check: "datapath-program" }));
});

// Found in the lab: the guests could not keep up with the storm, what their TAPs sent differed, and nobody saw it.
it("what a TAP dropped of a storm was flooded to it like what it passed", () => {
  const engine = new Engine(info, "e1", {}, {}, { passes, checks: [broadcastStorm], rules: [] });
  const flooded = (packets: number, lost: number) => {
    const of = (passed: number, dropped: number) => ({ bytes: passed * 60, packets: passed, errors: 0, dropped });
    const all = ["br0", "vnet1"].reduce((facts, name) => counted(facts, name, packets, packets), bondHost());
    return setLink(counted(all, "bond0", packets, 10), "vnet0", {
      stats64: { rx: of(10, 0), tx: of(packets - lost, lost) },
    });
  };
  engine.read(flooded(1_000, 0), [], 1_000);
  engine.read(flooded(91_000, 60_000), [], 31_000);
  expect(engine.snapshot().findings).toContainEqual(expect.objectContaining({ check: "broadcast-storm" }));
});

describe("addresses heard outside", () => {
  const loop = bridgeLoopExamples.bad.find(({ name }) => name.startsWith("both guests' addresses"))?.facts ?? {};
  const stolen = fdbGuestOnUplinkExamples.bad.find(({ name }) => name.startsWith("learned outside"))?.facts ?? {};
  const accused = (engine: Engine) => engine.snapshot().findings.map(({ check }) => check);
  const engineOf = (check: Check, memory = {}) =>
    new Engine(info, "e1", memory, {}, { passes, checks: [check], rules: [] });

  /** The table as read at this time (ms), its entries heard so many seconds before. */
  function table(facts: Facts, at: number, updated: number): Facts {
    const read = facts["bridge-fdb"];
    if (!read?.ok) throw new Error("no table");
    return { "bridge-fdb": { ...read, at, value: read.value.map((entry) => ({ ...entry, updated })) } };
  }

  it("are not heard anew because the interfaces were read again", () => {
    for (const [check, facts] of [
      [bridgeLoop, loop],
      [fdbGuestOnUplink, stolen],
    ] as const) {
      const engine = engineOf(check);
      engine.read({ ...facts, ...table(facts, 1_000, 0) }, [], 1_000);
      for (let at = 2_000; at < 40_000; at += 1_000) {
        engine.read(structuredClone({ "ip-link": facts["ip-link"] }), [], at);
        expect(accused(engine), `${check.id} after ${at} ms`).toEqual([]);
      }
    }
  });

  // Guests that failed over, or were shut down there and started here, are silent while they boot.
  it("nor because a table that nobody refreshed was read again", () => {
    for (const [check, facts] of [
      [bridgeLoop, loop],
      [fdbGuestOnUplink, stolen],
    ] as const) {
      const engine = engineOf(check);
      engine.read({ ...facts, ...table(facts, 1_000, 3) }, [], 1_000);
      for (let at = 5_000; at < 200_000; at += 5_000) {
        engine.read(table(facts, at, 2 + Math.round(at / 1_000)), [], at);
        expect(accused(engine), `${check.id} after ${at} ms`).toEqual([]);
      }
    }
  });

  // QEMU without libvirt tells of no pause: while its memory is copied, a guest stands on both hosts and speaks from the other.
  it("of a guest that is on its way here are no twin's; those of a copy are", () => {
    const accusedWith = (uuid: string) => {
      const engine = engineOf(fdbGuestOnUplink);
      const owner = { mac: macOf(1), host: "kvm-02", vm: "web-01", uuid, near: [] };
      engine.read({ ...stolen, ...table(stolen, 1_000, 1), ...factsOf({ "duplicate-owners": [owner] }) }, [], 1_000);
      engine.read(table(stolen, 11_000, 1), [], 11_000);
      return accused(engine);
    };
    expect(accusedWith(uuidOf(1))).toEqual([]);
    expect(accusedWith(uuidOf(3))).toEqual(["fdb-guest-on-uplink"]);
  });

  it("are counted each time, also where the table looks the same", () => {
    const engine = engineOf(bridgeLoop);
    engine.read({ ...loop, ...table(loop, 1_000, 1) }, [], 1_000);
    engine.read(table(loop, 11_000, 1), [], 11_000);
    expect(accused(engine)).toEqual([]);
    engine.read(table(loop, 21_000, 1), [], 21_000);
    expect(accused(engine)).toEqual(["bridge-loop"]);
  });

  it("survive a restart", () => {
    const first = engineOf(bridgeLoop);
    first.read({ ...loop, ...table(loop, 1_000, 1) }, [], 1_000);
    first.read(table(loop, 11_000, 1), [], 11_000);
    const next = engineOf(bridgeLoop, first.memory());
    next.read({ ...loop, ...table(loop, 21_000, 1) }, [], 21_000);
    expect(accused(next)).toEqual(["bridge-loop"]);
  });
});
