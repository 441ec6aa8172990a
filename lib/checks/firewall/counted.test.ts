import { describe, expect, it } from "vitest";
import { buildGraph } from "../../graph/builder";
import { passes } from "../../graph/passes/registry";
import { viewOf } from "../../graph/view";
import type { Check, Sample } from "../define";
import { evaluate, viewFor } from "../evaluate";
import { check as ofIcmp } from "../filtering/firewall-drops-icmp";
import { check as ofPath } from "../filtering/firewall-drops-path";
import { bondHost, natHost } from "../testing";
import { counter, drop, iptablesFilter, nftTable, noRules, payload, withRules } from "./examples";

type Facts = ReturnType<typeof natHost>;

/** Reads these facts one after the other, a minute apart, and gives the evidence that is told after the last. */
function read(check: Check, subject: string, readings: readonly Facts[]): string | undefined {
  const samples = new Map<string, Sample[]>();
  let excerpt: string | undefined;
  for (const [at, facts] of readings.entries()) {
    const graph = viewOf(buildGraph("h", facts, {}, passes).graph);
    const now = (at + 1) * 60_000;
    const reading = { host: "h", now, graph, facts, settings: {} };
    const node = graph.node(`h/${subject}`);
    if (!node) throw new Error(`there is no ${subject}`);
    const book = (_check: string, track: string) => samples.get(track) ?? [];
    for (const [track, { sample }] of Object.entries(check.track ?? {})) {
      const value = sample(node, viewFor(check, node.id, reading, book));
      if (value !== undefined) samples.set(track, [...book(check.id, track), { at: now, value }]);
    }
    const outcome = evaluate(check, node, reading, book);
    excerpt = outcome.kind === "finding" ? outcome.finding.evidence[0]?.excerpt : undefined;
  }
  return excerpt;
}

/** A NAT network that the second rule of FORWARD drops, or the first where the other is gone; with the packets that it has taken. */
function dropping(packets: number, before: readonly string[] = []): Facts {
  const rule = "-A FORWARD -i virbr0 -j DROP";
  const rules = iptablesFilter({ forward: [...before, rule] }).map((one) => ({
    ...one,
    tables: one.tables.map((table) => ({
      ...table,
      rules: table.rules.map((line) => (line.text === rule ? { ...line, packets, bytes: packets * 84 } : line)),
    })),
  }));
  return withRules(natHost(), noRules, rules);
}

describe("the counter of the rule that drops", () => {
  const path = (...readings: readonly Facts[]) => read(ofPath, "bridge/virbr0", readings);

  it("is shown, and by how much it grew while packets run into it", () => {
    expect(path(dropping(12))).toBe("FORWARD rule 1: [12:1008] -A FORWARD -i virbr0 -j DROP");
    expect(path(dropping(12), dropping(57))).toBe(
      "FORWARD rule 1: [57:4788] -A FORWARD -i virbr0 -j DROP\n45 more packets in 60 s",
    );
    expect(path(dropping(12), dropping(12))).not.toContain("more");
  });

  it("is not mixed up with that of another rule, nor told as growth when it began anew", () => {
    expect(path(dropping(12), dropping(57, ["-A FORWARD -i eth9 -j ACCEPT"]))).not.toContain("more");
    expect(path(dropping(57), dropping(12))).not.toContain("more");
  });

  it("of nftables, against pings to the host", () => {
    const mute = (packets: number) =>
      withRules(
        bondHost(),
        nftTable("inet", "input", [[payload("icmp", "type", "echo-request"), counter(packets), drop]]),
      );
    expect(read(ofIcmp, "host/self", [mute(3), mute(8)])).toMatch(/\n5 more packets in 60 s$/);
  });

  it("of nftables without a counter says nothing of packets", () => {
    const mute = withRules(bondHost(), nftTable("inet", "input", [[payload("icmp", "type", "echo-request"), drop]]));
    expect(read(ofIcmp, "host/self", [mute, mute])).not.toContain("more");
  });
});
