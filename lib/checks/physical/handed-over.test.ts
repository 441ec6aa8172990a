import { expect, it } from "vitest";
import { buildGraph } from "../../graph/builder";
import { passes } from "../../graph/passes/registry";
import { viewOf } from "../../graph/view";
import { evaluate } from "../evaluate";
import { bondHost, edit, factsOf, setLink } from "../testing";
import { slotOfName } from "./handed-over";
import { check } from "./vf-misconfigured";

it.each([
  ["enp3s0f1", "0000:03:00.1"],
  ["enp3s0", "0000:03:00.0"],
  ["enp129s0f0np0", "0000:81:00.0"],
  ["enP2p1s0f1d1", "0002:01:00.1"],
  ["enp3s16f2", "0000:03:10.2"],
  ["enp3s0f1v2", undefined],
  ["eno1", undefined],
  ["ens1f0", undefined],
  ["nic1", undefined],
  ["enp3s0f1 ", undefined],
])("systemd's name %s tells the slot %s", (name, slot) => {
  expect(slotOfName(name)).toBe(slot);
});

it("a card is known by the name that it had before it was handed over", () => {
  const card = { slot: "0000:00:11.0", class: "0x020000", driver: "igb", interfaces: ["nic1"] };
  const before = { ...bondHost(), ...factsOf({ "pci-net": [card], "net-config": [] }) };
  const gone = edit(
    setLink(before, "nic1", { ifname: "other", master: undefined, linkinfo: undefined }),
    "bond",
    (all) => all.map((bond) => ({ ...bond, members: bond.members.slice(0, 1) })),
  );
  const after = { ...gone, ...factsOf({ "pci-net": [{ ...card, driver: "vfio-pci", interfaces: [] }] }) };
  const seen = (memory: Parameters<typeof buildGraph>[2]) => {
    const { graph } = buildGraph("h", after, memory, passes);
    const host = [...graph.nodes.values()].find((node) => node.kind === "host");
    if (!host) throw new Error("no host in the graph");
    const reading = { host: "h", now: 1, graph: viewOf(graph), facts: after, settings: {} };
    return evaluate(check, host, reading, () => []);
  };
  const told = seen(buildGraph("h", before, {}, passes).memory);
  expect(told.kind === "finding" && told.finding.params).toMatchObject({ nic: "nic1", whom: "bond0" });
  expect(seen({}).kind).toBe("pass");
});
