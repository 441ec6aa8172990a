import { describe, expect, it } from "vitest";
import { Change, commandsOf } from "../changes/change";
import { programs } from "../changes/define";
import { check as bridgeNetfilterDrop } from "../checks/bridge/bridge-netfilter-drop";
import type { Check } from "../checks/define";
import { examplesOf } from "../checks/examples";
import type { Finding } from "../checks/finding";
import { exampleNow, runExample } from "../checks/run-example";
import { buildGraph } from "../graph/builder";
import { passes } from "../graph/passes/registry";
import { viewOf } from "../graph/view";
import type { Plan } from "./define";
import { remedies } from "./registry";

const units = import.meta.glob<{ readonly check?: Check }>(["../checks/host/*.ts", "../checks/filtering/*.ts"], {
  eager: true,
});
const checks: readonly Check[] = [
  ...Object.values(units).flatMap((unit) => unit.check ?? []),
  bridgeNetfilterDrop as Check,
];

/** What each remedy plans for a finding of its check, by the name of the example. */
function planFor(check: string, example: string, choice?: string): Plan | { readonly refused: string } {
  const unit = checks.find((one) => one.id === check);
  const bad = examplesOf.get(check)?.bad.find((one) => one.name === example);
  const remedy = remedies.find((one) => one.id === unit?.remedy);
  if (!unit || !bad || !remedy) throw new Error(`${check}: no example "${example}" or no remedy`);
  expect(remedy.checks).toContain(check);
  const { outcome } = runExample(unit, bad, passes);
  if (outcome.kind !== "finding") throw new Error(`${check}: ${example} is no finding`);
  const finding: Finding = { ...outcome.finding, since: exampleNow, impacts: [] };
  const graph = viewOf(buildGraph("h", bad.facts, {}, passes).graph);
  const plan = remedy.plan({ finding, graph, facts: bad.facts, ...(choice === undefined ? {} : { choice }) });
  if ("steps" in plan)
    for (const { change } of plan.steps) {
      expect(Change.parse(change)).toEqual(change);
      expect(remedy.makes).toContain(change.kind);
      for (const argv of Object.values(commandsOf(change))) {
        expect(programs).toContain(argv[0]);
        expect(argv.every((word: string) => word !== "")).toBe(true);
      }
    }
  return plan;
}

const commands = (plan: ReturnType<typeof planFor>): string[] =>
  "steps" in plan
    ? plan.steps.map((step) => commandsOf(step.change)).flatMap((one) => [one.do.join(" "), one.undo.join(" ")])
    : [`refused: ${plan.refused}`];

describe("remedies of the host", () => {
  it("load a module and take it out again", () => {
    expect(commands(planFor("vhost-net-missing", "the device is gone"))).toEqual([
      "modprobe vhost_net",
      "modprobe -r vhost_net",
    ]);
    expect(commands(planFor("kvm-unavailable", "module not loaded: guests of type kvm cannot start"))).toEqual([
      "modprobe kvm_amd",
      "modprobe -r kvm_amd",
    ]);
  });

  it("refuse where a module would change nothing", () => {
    expect(commands(planFor("tun-missing", "the device node is gone"))[0]).toMatch(
      /^refused: module tun is loaded already/,
    );
    expect(commands(planFor("kvm-unavailable", "switched off in firmware, all guests emulated"))[0]).toMatch(
      /firmware/,
    );
    expect(commands(planFor("kvm-unavailable", "a guest of type qemu"))[0]).toMatch(/^refused: web-01/);
  });

  it("raise a limit and put its old value back", () => {
    expect(commands(planFor("conntrack-full", "full"))).toEqual([
      "sysctl -qw net.netfilter.nf_conntrack_max=131072",
      "sysctl -qw net.netfilter.nf_conntrack_max=65536",
    ]);
    expect(commands(planFor("neighbour-table-overflow", "neighbours are refused"))).toEqual([
      "sysctl -qw net.ipv4.neigh.default.gc_thresh3=4096",
      "sysctl -qw net.ipv4.neigh.default.gc_thresh3=1024",
      "sysctl -qw net.ipv4.neigh.default.gc_thresh2=2048",
      "sysctl -qw net.ipv4.neigh.default.gc_thresh2=512",
    ]);
  });

  it("start units and guests, and stop them again", () => {
    expect(commands(planFor("services-failed", "dnsmasq failed"))).toEqual([
      "systemctl restart dnsmasq.service",
      "systemctl stop dnsmasq.service",
    ]);
    expect(commands(planFor("domain-not-running", "storage full"))[0]).toMatch(/ resume 5b000000-/);
    expect(commands(planFor("domain-not-running", "starts by itself, yet is off"))[0]).toMatch(/ start 5b000000-/);
    expect(commands(planFor("domain-not-running", "kernel panic, kept for a look"))[0]).toMatch(/^refused/);
  });

  it("take an interface from NetworkManager only where NetworkManager has it", () => {
    expect(commands(planFor("managers-conflict", "NetworkManager took a member of ifupdown's bond"))[0]).toBe(
      "nmcli device set nic0 managed no",
    );
    expect(commands(planFor("managers-conflict", "ifupdown and systemd-networkd"))[0]).toMatch(/^refused/);
  });
});

describe("remedies of filtering", () => {
  it("insert a rule that its undo names", () => {
    const [first, undo] = commands(planFor("firewall-drops-path", "a rule drops the whole network"));
    expect(first).toBe("iptables -w 5 -I FORWARD 1 -i virbr0 -m comment --comment taproot -j ACCEPT");
    expect(undo).toBe("iptables -w 5 -D FORWARD -i virbr0 -m comment --comment taproot -j ACCEPT");
    expect(commands(planFor("firewall-drops-icmp", "the host drops echo requests"))[0]).toContain("-I INPUT 1 -p icmp");
  });

  it("refuse where a rule of iptables would not help", () => {
    expect(commands(planFor("firewall-drops-icmp", "the host by nftables"))[0]).toMatch(/^refused: the rule is in nft/);
    expect(commands(planFor("firewall-drops-path", "one guest by its address"))[0]).toMatch(/^refused/);
  });

  it("free bridged frames as it was chosen", () => {
    expect(commands(planFor("bridge-netfilter-drop", "Docker's policy"))[0]).toMatch(/^refused: choose/);
    expect(commands(planFor("bridge-netfilter-drop", "Docker's policy", "off"))).toEqual([
      "sysctl -qw net.bridge.bridge-nf-call-iptables=0",
      "sysctl -qw net.bridge.bridge-nf-call-iptables=1",
    ]);
    expect(commands(planFor("bridge-netfilter-drop", "Docker's policy", "allow"))[0]).toContain("-i br0 -o br0");
  });

  it("add a MAC to a set, where there is one", () => {
    expect(commands(planFor("mac-allowlist", "not in the set that is asked for"))).toEqual([
      "nft add element bridge guard macs { 52:54:00:5b:00:01 }",
      "nft delete element bridge guard macs { 52:54:00:5b:00:01 }",
    ]);
    expect(commands(planFor("mac-allowlist", "by iptables on bridged frames"))[0]).toMatch(/^refused/);
  });
});
