import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checks } from "../checks/registry";
import type { GraphNode } from "../graph/model";
import { viewOf } from "../graph/view";
import { assess } from "./assess";
import { rule as handed } from "./handed-over-takes-member";
import { rule as light } from "./light-explains-link";
import { rules } from "./registry";
import { rule as wrongSwitch } from "./wrong-switch-splits-aggregate";

const known = new Set(checks.map(({ id }) => id));

describe("cause rules", () => {
  it("have ids of their own", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))(
    "%s names checks that exist, and a lab case or why there is none",
    (_, rule) => {
      expect([...rule.cause, ...rule.effect].filter((id) => !known.has(id))).toEqual([]);
      if ("none" in rule.lab) expect(rule.lab.none).toMatch(/\S/);
      else expect(existsSync(`e2e/lab/cases/${rule.lab.case}.ts`), rule.lab.case).toBe(true);
    },
  );
});

/** Rules that the lab cannot make: proved here, from findings to problems. */
describe("without a lab", () => {
  const nic = (name: string): GraphNode => ({
    id: `h/nic/${name}`,
    host: "h",
    kind: "nic",
    name,
    attributes: { carrier: false },
  });
  const graph = viewOf({
    nodes: new Map(["nic0", "nic1"].map((name) => [`h/nic/${name}`, nic(name)])),
    edges: new Map(),
  });
  const found = (check: string, on: string) => ({
    key: `${check}@h/nic/${on}`,
    check,
    layer: "physical" as const,
    status: "fail" as const,
    host: "h",
    subject: `h/nic/${on}`,
    message: "",
    params: {},
    evidence: [],
    breaks: [],
    cuts: false,
    alsoOn: [],
  });

  it("too little light explains what the link of the same NIC suffers, and nothing of another", () => {
    const dim = found("optic-power-low", "nic0");
    const own = light.effect.map((check) => found(check, "nic0"));
    const others = light.effect.map((check) => found(check, "nic1"));
    const { explained } = assess(graph, [dim, ...own, ...others], [light]);
    for (const { key } of own) expect([key, explained.get(key)?.cause]).toEqual([key, dim.key]);
    for (const { key } of [dim, ...others]) expect([key, explained.get(key)?.cause]).toEqual([key, undefined]);
  });

  it("a card that was handed over explains the bond that misses it, and no other bond", () => {
    const at = (kind: "host" | "bond", name: string): GraphNode => ({ ...nic(name), id: `h/${kind}/${name}`, kind });
    const host = viewOf({
      nodes: new Map([at("host", "self"), at("bond", "bond0"), at("bond", "bond1")].map((node) => [node.id, node])),
      edges: new Map(),
    });
    const on = (check: string, subject: string, params: Record<string, string>) => ({
      ...found(check, "-"),
      key: `${check}@${subject}`,
      subject,
      params,
    });
    const card = on("vf-misconfigured", "h/host/self", { nic: "enp3s0f1", whom: "bond0" });
    const own = on("bond-member-missing", "h/bond/bond0", { members: "nic9, enp3s0f1" });
    const others = on("bond-member-missing", "h/bond/bond1", { members: "enp4s0" });
    const { explained } = assess(host, [card, own, others], [handed]);
    expect(explained.get(own.key)?.cause).toBe(card.key);
    expect(explained.get(others.key)?.cause).toBeUndefined();
  });

  it("a cable to the wrong switch explains the LACP of that member's bond, and not that of another member", () => {
    const bond: GraphNode = { ...nic("bond0"), id: "h/bond/bond0", kind: "bond" };
    const nodes = [nic("nic0"), nic("nic1"), bond];
    const host = viewOf({
      nodes: new Map(nodes.map((node) => [node.id, node])),
      edges: new Map(
        ["nic0", "nic1"].map((name) => {
          const id = `h/bond-member/nic:${name}--bond:bond0`;
          return [
            id,
            { id, host: "h", kind: "bond-member" as const, from: `h/nic/${name}`, to: bond.id, present: true },
          ];
        }),
      ),
    });
    const apart = {
      ...found("bond-lacp-failed", "-"),
      key: `bond-lacp-failed@${bond.id}`,
      subject: bond.id,
      params: { members: "nic1" },
    };
    const moved = (name: string) => ({ ...found("cabling-changed", name), params: { nic: name } });
    expect(assess(host, [moved("nic1"), apart], [wrongSwitch]).explained.get(apart.key)?.cause).toBe(moved("nic1").key);
    expect(assess(host, [moved("nic0"), apart], [wrongSwitch]).explained.get(apart.key)?.cause).toBeUndefined();
  });
});
