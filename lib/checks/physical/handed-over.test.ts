import { expect, it } from "vitest";
import type { Facts } from "../../facts/facts";
import { buildGraph } from "../../graph/builder";
import { passes } from "../../graph/passes/registry";
import { viewOf } from "../../graph/view";
import { evaluate } from "../evaluate";
import { handed } from "../function-examples";
import { bondHost, edit, factsOf, setLink, unread } from "../testing";
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
  const { memory } = buildGraph("h", before, {}, passes);
  const told = seen(memory);
  // What a release before has stored is known by another word.
  const { pciFunctions = null, ...others } = memory;
  expect(seen({ ...others, cards: pciFunctions })).toEqual(told);
  expect(buildGraph("h", before, { cards: pciFunctions }, passes).memory).not.toHaveProperty("cards");
  expect(told.kind === "finding" && told.finding.params).toMatchObject({ nic: "nic1", whom: "bond0" });
  expect(seen({}).kind).toBe("pass");
});

/** What is said of the host itself. */
function ofHost(facts: Facts, memory: Parameters<typeof buildGraph>[2] = {}) {
  const view = viewOf(buildGraph("h", facts, memory, passes).graph);
  const [host] = view.ofKind("host");
  if (!host) throw new Error("no host in the graph");
  return evaluate(check, host, { host: "h", now: 1, graph: view, facts, settings: {} }, () => []);
}

const wants = (...ports: string[]) =>
  handed(["auto br9", "iface br9 inet manual", `  bridge_ports ${ports.join(" ")}`]);

it("the card is missed whether or not libvirt answers: whose it is now is told beside", () => {
  const outcome = ofHost(unread(wants("enp3s0f1"), "libvirt-domains"));
  expect(outcome.kind === "finding" && outcome.finding).toMatchObject({ status: "warn", params: { vm: "-" } });
});

it("an interface that is there by another name, a VLAN or a bond that is gone, are no riddle about a card", () => {
  expect(ofHost(setLink(wants("ens1f1"), "nic1", { altnames: ["ens1f1"] })).kind).toBe("pass");
  expect(ofHost(wants("bond9.30")).kind).toBe("pass");
  expect(ofHost(handed([...bond9, "auto br9", "iface br9 inet manual", "  bridge_ports bond9"])).kind).toBe("pass");
});

const bond9 = ["auto bond9", "iface bond9 inet manual", "  bond-slaves nic0"];

it("where no interface could be read, nobody says that the functions are well", () => {
  expect(ofHost(unread(factsOf({ "pci-net": [] }), "ip-link"))).toMatchObject({ finding: { status: "unknown" } });
});

it("names of virtual functions, which come by the hundred, do not crowd out those of cards", () => {
  const vfs = Array.from({ length: 400 }, (_, at) => ({
    slot: `0000:03:${(16 + Math.floor(at / 8)).toString(16)}.${at % 8}`,
    class: "0x020000",
    physfn: "0000:03:00.0",
    interfaces: [`vf${at}`],
  }));
  const card = { slot: "0000:81:00.0", class: "0x020000", driver: "igb", interfaces: ["ens9"] };
  const { memory } = buildGraph("h", { ...wants(), ...factsOf({ "pci-net": [...vfs, card] }) }, {}, passes);
  expect(memory.pciFunctions).toEqual([["0000:81:00.0", "ens9"]]);
});
