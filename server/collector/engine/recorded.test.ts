import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rules } from "@/lib/causes/registry";
import { checks as all } from "@/lib/checks/registry";
import { memberDown, setLink } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import { passes } from "@/lib/graph/passes/registry";
import type { Probe } from "@/lib/probes/define";
import { type ProbeId, probes } from "@/lib/probes/registry";
import type { HostInfo } from "@/lib/wire/model";
import { Engine } from "./engine";

/** What the lab's real hypervisors printed while they were well, through the whole engine. */
const root = fileURLToPath(new URL("../../../lib/probes/recorded", import.meta.url));
const info: HostInfo = {
  id: "kvm-01",
  name: "kvm-01",
  address: "h",
  state: "live",
  since: 0,
  seenAt: null,
  demo: false,
};
const first = new Set(
  "nic-no-carrier nic-admin-down bond-member-down bond-down bridge-down bridge-no-uplink tap-not-enslaved tap-down mac-duplicate mac-invalid mtu-mismatch arp-incomplete gateway-missing address-on-member".split(
    " ",
  ),
);

function recorded(base: string): Facts {
  const facts: Record<string, unknown> = {};
  for (const file of readdirSync(join(root, base))) {
    const id = file.replace(/\.txt$/, "") as ProbeId;
    facts[id] = {
      ok: true,
      value: (probes[id] as Probe).parse({ stdout: new Uint8Array(readFileSync(join(root, base, file))), exit: 0 }),
      at: 0,
    };
  }
  for (const probe of ["bond", "libvirt-domains", "libvirt-networks"] as const)
    facts[probe] ??= { ok: false, why: "absent", detail: "", at: 0 };
  return facts as Facts;
}

function judge(facts: Facts) {
  const engine = new Engine(info, "e", {}, {}, { passes, checks: all.filter((check) => first.has(check.id)), rules });
  engine.read(facts, [], 1000);
  expect([...engine.defects]).toEqual([]);
  const snapshot = engine.snapshot();
  return {
    snapshot,
    heads: snapshot.findings
      .filter((finding) => finding.cause === undefined)
      .map((finding) => [
        finding.check,
        finding.subject.slice("kvm-01/".length),
        finding.impacts.length,
        finding.because,
      ]),
    notOk: [...snapshot.nodes, ...snapshot.edges]
      .filter((item) => item.status !== "ok")
      .map((item) => [item.id, item.status]),
  };
}

const bases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(bases)("%s", (base) => {
  it("is well, and nothing says otherwise", () => {
    const { heads, notOk } = judge(recorded(base));
    expect(heads).toEqual([]);
    expect(notOk).toEqual([]);
  });

  it("has each guest on a way to its bridge", () => {
    const { snapshot } = judge(recorded(base));
    const vms = snapshot.nodes.filter((node) => node.kind === "vm");
    expect(vms.length).toBeGreaterThan(0);
    for (const vm of vms) {
      const vnic = snapshot.edges.find((edge) => edge.to === vm.id);
      const tap = snapshot.edges.find((edge) => edge.to === vnic?.from);
      expect(
        snapshot.edges.some((edge) => edge.to === tap?.from && edge.present),
        vm.id,
      ).toBe(true);
    }
  });
});

describe("the bonded hypervisor", () => {
  const facts = recorded("lab-bond");

  it("knows the switch ports, the gateway and every edge on the way", () => {
    const { snapshot } = judge(facts);
    const ids = snapshot.edges.map((edge) => edge.id.slice("kvm-01/".length));
    expect(ids).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^lldp\/switch-port\/.*\/swp1--nic\/nic0$/),
        expect.stringMatching(/^lldp\/switch-port\/.*\/swp2--nic\/nic1$/),
        "bond-member/nic/nic0--bond/bond0",
        "uplink/bond/bond0--bridge/br0",
        "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
        "gateway/gateway/10.20.0.1--bridge/br0",
      ]),
    );
  });

  it("a cable, both cables, a TAP", () => {
    expect(judge(memberDown(facts, "nic1")).heads).toEqual([["nic-no-carrier", "nic/nic1", 0, undefined]]);
    expect(judge(memberDown(facts, "nic0", "nic1")).heads).toEqual([["bond-down", "bond/bond0", 2, undefined]]);
    expect(judge(setLink(facts, "vnet0", { master: undefined })).heads).toEqual([
      ["tap-not-enslaved", "tap/web-01/52:54:00:5b:00:01", 1, undefined],
    ]);
  });
});

describe("the hypervisor with a guest on macvtap", () => {
  const facts = recorded("lab-macvtap");
  const accused = (seen: Facts) => {
    const engine = new Engine(info, "e", {}, {}, { passes, checks: all, rules });
    engine.read(seen, [], 1000);
    return engine
      .snapshot()
      .findings.filter((finding) => finding.status !== "unknown")
      .map((finding) => [finding.check, finding.subject.slice("kvm-01/".length), finding.impacts.length]);
  };

  it("its own host asks for it in vain; nothing else is said of the macvtap", () => {
    expect(accused(facts).filter(([check]) => check !== "kvm-unavailable")).toEqual([
      ["macvtap-host-isolation", "macvtap/web-02/52:54:00:5b:00:32", 0],
    ]);
  });
});
