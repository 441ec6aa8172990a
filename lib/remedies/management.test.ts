import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bondHost, edit } from "../checks/testing";
import type { Facts } from "../facts/facts";
import { buildGraph } from "../graph/builder";
import { passes } from "../graph/passes/registry";
import { viewOf } from "../graph/view";
import { type ProbeId, probes } from "../probes/registry";
import { managementPath, type Reached } from "./management";

const root = fileURLToPath(new URL("../probes/recorded", import.meta.url));

/** What a hypervisor of the lab printed. */
function recorded(base: string): Facts {
  const read = (file: string) => new Uint8Array(readFileSync(`${root}/${base}/${file}`));
  return Object.fromEntries(
    readdirSync(`${root}/${base}`).map((file) => {
      const id = file.replace(/\.txt$/, "") as ProbeId;
      return [id, { ok: true, value: probes[id].parse({ stdout: read(file), exit: 0 }), at: 0 }];
    }),
  ) as Facts;
}

function pathOf(facts: Facts, reached: Reached | undefined) {
  const { nodes, known } = managementPath(viewOf(buildGraph("h", facts, {}, passes).graph), facts, reached);
  return { nodes: [...nodes].map((id) => id.slice("h/".length)).sort(), known };
}

/** The address of a host's interface, as its facts have it. */
const addressOf = (facts: Facts, ifname: string): string => {
  const read = facts["ip-addr"];
  const found = read?.ok && read.value.find((one) => one.ifname === ifname)?.addr_info.find((a) => a.family === "inet");
  if (!found) throw new Error(`${ifname} has no address`);
  return found.local;
};

const bonded = ["bond/bond0", "bridge/br0", "nic/nic0", "nic/nic1"];
const ovs = ["nic/nic0", "nic/nic1", "ovs-bridge/ovsbr0", "ovs-port/ovsbr0/bond1"];

describe("the way by which we reach a host", () => {
  // The default route of all of them leaves by the bridge, whatever address was asked for.
  it.each([
    ["lab-bond", "br0", bonded],
    ["lab-bond", "mgmt0", [...bonded, "nic/mgmt0"].sort()],
    ["lab-macvtap", "bond0.30", [...bonded, "vlan/bond0.30"]],
    ["lab-ovs", "ovsbr0", ovs],
    ["lab-ovs", "mgmt0", ["nic/mgmt0", ...ovs]],
  ])("on what %s printed, by the address of %s", (base, ifname, nodes) => {
    const facts = recorded(base);
    expect(pathOf(facts, { address: addressOf(facts, ifname), from: "198.51.100.7" })).toEqual({ nodes, known: true });
  });

  it("is not known by the address of a network that leads to no wire", () => {
    const facts = recorded("lab-bond");
    const at = { address: addressOf(facts, "virbr0"), from: "192.168.122.10" };
    expect(pathOf(facts, at).known).toBe(false);
  });

  it("leads over bridge and bond to both cables, and to nothing of the guests", () => {
    const facts = bondHost();
    const address = addressOf(facts, "br0");
    const { nodes, known } = pathOf(facts, { address, from: address.replace(/\d+$/, "77") });
    expect(known).toBe(true);
    expect(nodes).toEqual(["bond/bond0", "bridge/br0", "nic/nic0", "nic/nic1"]);
  });

  it("is also where the answers leave, if that is elsewhere", () => {
    const facts = bondHost();
    const at = { address: addressOf(facts, "br0"), from: "198.51.100.7" };
    const rerouted = edit(facts, "ip-route", (routes) => [
      ...routes,
      { family: "inet" as const, dst: "198.51.100.0/24", dev: "mgmt0", table: "main" },
    ]);
    expect(pathOf(facts, at).nodes).not.toContain("nic/mgmt0");
    expect(pathOf(rerouted, at).nodes).toContain("nic/mgmt0");
    expect(pathOf(rerouted, at).nodes).toContain("bridge/br0");
  });

  it("is not known where no interface has the address, or the host does not say: then every holder of one counts", () => {
    const facts = bondHost();
    for (const reached of [undefined, { address: "203.0.113.99", from: "198.51.100.7" }]) {
      const { nodes, known } = pathOf(facts, reached);
      expect(known).toBe(false);
      expect(nodes).toContain("bridge/br0");
      expect(nodes).toContain("nic/nic0");
    }
  });
});
