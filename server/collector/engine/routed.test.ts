import { expect, it } from "vitest";
import { adminDown, edit, factsOf, natHost, noCarrier } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import type { HostInfo } from "@/lib/wire/model";
import { makeEngine } from ".";

const info: HostInfo = { id: "h", name: "h", address: "h", state: "live", since: 0, seenAt: null, demo: false };
const guest = "h/vm/nat-1";
const noDefault = (facts: Facts) => edit(facts, "ip-route", (all) => all.filter((one) => one.dst !== "default"));
const forwards = (value: 0 | 1) => factsOf({ sysctl: { values: { "net.ipv4.ip_forward": value }, interfaces: [] } });

/** Heads of problems with the guests that they impact, and what hangs under them, after these readings. */
function problems(...readings: readonly Facts[]) {
  const engine = makeEngine(info, "e", {});
  for (const [at, facts] of readings.entries()) engine.read(facts, [], 1_000_000 + at * 20_000);
  const faults = engine.snapshot().findings.filter(({ status }) => status !== "unknown");
  return faults
    .filter(({ cause }) => cause === undefined)
    .map(({ key, check, impacts }) => [
      check,
      impacts,
      faults.filter(({ cause }) => cause === key).map((one) => one.check),
    ]);
}

it("a dead uplink impacts the guests behind NAT", () => {
  expect(problems(natHost())).toEqual([]);
  expect(problems(natHost(), noCarrier(natHost(), "eth0"))).toEqual([["nic-no-carrier", [guest], []]]);
});

it("the kernel took the route with the interface: one problem, and the guest stands under it", () => {
  expect(problems(natHost(), noDefault(adminDown(natHost(), "eth0")))).toEqual([
    ["nic-admin-down", [guest], ["gateway-missing"]],
  ]);
  // A manager takes it away when the cable is dead.
  expect(problems(natHost(), noDefault(noCarrier(natHost(), "eth0")))).toEqual([
    ["nic-no-carrier", [guest], ["gateway-missing"]],
  ]);
});

it("without its default route or its forwarding, a host cuts off who is behind it", () => {
  expect(problems(natHost(), noDefault(natHost()))).toEqual([["gateway-missing", [guest], []]]);
  expect(problems({ ...natHost(), ...forwards(0) })).toEqual([["forwarding-off", [guest], []]]);
  // It never had a way out that we know of: nobody has lost anything.
  expect(problems(noDefault(natHost()))).toEqual([["gateway-missing", [], []]]);
});

it("an isolated network loses nothing", () => {
  const isolated = edit(natHost(), "libvirt-networks", (all) => all.map(({ forward: _, ...one }) => one));
  expect(problems(isolated, noCarrier(isolated, "eth0"))).toEqual([["nic-no-carrier", [], []]]);
});
