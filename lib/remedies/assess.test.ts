import { describe, expect, it } from "vitest";
import type { Change } from "../changes/change";
import { bondHost, edit, setLink } from "../checks/testing";
import type { Facts } from "../facts/facts";
import { buildGraph } from "../graph/builder";
import { passes } from "../graph/passes/registry";
import { viewOf } from "../graph/view";
import { assess } from "./assess";
import type { RemedyContext } from "./define";
import { managementPath } from "./management";

const finding = {
  ...{ key: "c@s", check: "c", layer: "tap", status: "fail", host: "h", subject: "s", message: "m", params: {} },
  ...{ evidence: [], breaks: [], cuts: false, alsoOn: [], since: 1, impacts: [] },
} as unknown as RemedyContext["finding"];

/** What a change of this host would do. `cut`: guests that the finding has cut off already. */
function of(change: Change, facts: Facts = bondHost(), more: Partial<RemedyContext["finding"]> = {}) {
  const graph = viewOf(buildGraph("h", facts, {}, passes).graph);
  const holder = graph.ofKind("bridge").find((node) => node.name === "br0");
  const [address] = (holder?.attributes.addresses as string[] | undefined) ?? [];
  const at = { address: address?.split("/")[0] ?? "", from: "198.51.100.7" };
  const context = { finding: { ...finding, ...more }, graph, facts };
  const plan = { steps: [{ says: { en: "", zh: "" }, change }], blinks: { en: "", zh: "" } } as const;
  return assess(plan, context, managementPath(graph, facts, at));
}
const off = (name: string): Facts => setLink(bondHost(), name, { master: undefined });

describe("what a plan does", () => {
  it("to a guest that is cut off already is low, and asks that guest", () => {
    const cut = ["h/vm/web-01"];
    const put = of({ kind: "master", device: "vnet0", to: "br0", was: null }, off("vnet0"), { impacts: cut });
    expect(put).toMatchObject({ risk: "low", management: "clear", affects: cut, probe: cut });
    // br0 is only joined: the others on it go on.
    expect(put.touches.some((id) => id.endsWith("bridge/br0"))).toBe(true);
  });

  it("to a guest that works is medium where its frames move, and high where it is cut off", () => {
    expect(of({ kind: "pvid", device: "vnet0", to: 10, was: 1 }).risk).toBe("medium");
    expect(of({ kind: "master", device: "vnet0", to: null, was: "br0" })).toMatchObject({
      risk: "high",
      management: "clear",
    });
  });

  it("to our own way is high wherever on it that is, and low where it only opens something", () => {
    for (const device of ["br0", "bond0", "nic0"])
      expect(of({ kind: "up", device, to: "down", was: "up" }), device).toMatchObject({
        risk: "high",
        management: "at-risk",
      });
    expect(of({ kind: "mtu", device: "nic1", to: 1500, was: 1400 }).management).toBe("at-risk");
    expect(of({ kind: "up", device: "br0", to: "up", was: "down" })).toMatchObject({
      management: "clear",
      risk: "low",
    });
    const configures = of({ kind: "unit", unit: "networking.service", to: "started", was: "stopped" });
    expect(configures).toMatchObject({ risk: "high", management: "at-risk" });
    expect(configures.affects.length).toBeGreaterThan(1);
    expect(of({ kind: "unit", unit: "dnsmasq.service", to: "started", was: "stopped" }).risk).toBe("low");
  });

  it("to an interface that nobody sees is taken for the worst", () => {
    expect(of({ kind: "up", device: "hidden9", to: "down", was: "up" })).toMatchObject({
      risk: "high",
      management: "unknown",
    });
  });

  it("to a guest that starts affects it and asks nobody", () => {
    const graph = viewOf(buildGraph("h", bondHost(), {}, passes).graph);
    const [vm] = graph.ofKind("vm");
    const started = of({ kind: "domain", uuid: String(vm?.attributes.uuid), to: "running", was: "paused" });
    expect(started).toMatchObject({ affects: [vm?.id], probe: [], risk: "low" });
  });

  it("needs as long as spanning tree on what it joins, and the updelay of a bond", () => {
    const stp = edit(off("vnet0"), "ip-link", (links) =>
      links.map((link) => {
        const data = link.linkinfo?.info_data;
        const more = { br0: { stp_state: 1, forward_delay: 1500 }, bond0: { updelay: 700 } }[link.ifname];
        return more && link.linkinfo
          ? { ...link, linkinfo: { ...link.linkinfo, info_data: { ...data, ...more } } }
          : link;
      }),
    );
    const joined = of({ kind: "master", device: "vnet0", to: "br0", was: null }, stp);
    expect(joined.settling.ms).toBe(32_000);
    expect(joined.settling.because.map(({ zh }) => zh).join()).toContain("生成树");
    expect(of({ kind: "up", device: "nic0", to: "up", was: "down" }, stp).settling.ms).toBe(2_700);
    // No port comes up anew for a rule.
    expect(of({ kind: "rule", chain: "FORWARD", in: "br0", to: "accept", was: "absent" }, stp).settling.ms).toBe(5_000);
  });

  it("waits for a check that looks back, unless that would keep us away", () => {
    const looks = { check: "rp-filter-drops", thresholds: { window: 60 } };
    const key = "net/ipv4/conf/br0/rp_filter";
    expect(of({ kind: "sysctl", key, to: 2, was: 1 }, bondHost(), looks).settling.ms).toBe(10_000 + 60_000 + 30_000);
    expect(of({ kind: "ring", device: "nic0", to: 4096, was: 256 }, bondHost(), looks).settling.ms).toBe(15_000);
  });
});
