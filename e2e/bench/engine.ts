/** (e) What all checks cost for one host of 50 guests, and for one changed link. Floor: parsing the same facts' JSON once, which no reader can avoid. */

import { checks } from "@/lib/checks/registry";
import { bondHost, setLink } from "@/lib/checks/testing";
import { makeEngine } from "@/server/collector/engine";
import { median, ms, type Row } from "./stats";

const guests = 50;

export function checksCost(): Row[] {
  const facts = bondHost(guests);
  const text = JSON.stringify(facts);
  const whole: number[] = [];
  const one: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < 60; round++) {
    const engine = makeEngine(
      { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: 0, demo: false },
      "bench",
      {},
    );
    const begun = performance.now();
    engine.read(facts, [], 1_000);
    const read = performance.now();
    const changed = setLink(facts, "vnet7", { mtu: 1400 + round });
    const link = { "ip-link": changed["ip-link"] };
    const before = performance.now();
    engine.read(link, [], 2_000);
    one.push(performance.now() - before);
    whole.push(read - begun);
    const start = performance.now();
    JSON.parse(text);
    floor.push(performance.now() - start);
  }
  const running = runningCost();
  const row = (id: string, what: string, values: number[], bound: number): Row => ({
    id,
    what: `${what}: facts to findings, ${checks.length} checks, ${guests} guests, median of ${values.length}`,
    ours: ms(median(values)),
    floor: `JSON.parse of the facts ${ms(median(floor))}`,
    ratio: (median(values) / median(floor)).toFixed(1),
    bound: ms(bound),
    holds: median(values) < bound,
  });
  return [
    row("e1", "a whole host", whole, 20),
    row("e2", "one changed link, the first of a new engine", one, 1),
    row("e3", "one changed link, in an engine that runs", running, 1),
  ];
}

/** Changes of one link, one after another, each with all links read anew, as a sweep after an event brings them. */
function runningCost(): number[] {
  const facts = bondHost(guests);
  const engine = makeEngine(
    { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: 0, demo: false },
    "bench",
    {},
  );
  engine.read(facts, [], 1_000);
  const spent: number[] = [];
  for (let round = 0; round < 600; round++) {
    const link = { "ip-link": setLink(facts, "vnet7", { mtu: 1400 + (round % 50) })["ip-link"] };
    const before = performance.now();
    engine.read(link, [], 2_000 + round);
    spent.push(performance.now() - before);
  }
  return spent.slice(-300);
}
