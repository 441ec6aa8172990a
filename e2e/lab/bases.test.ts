/** Each base comes back whole: its guests answer from where the base says, and the host reaches its gateway. The first run makes them. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { baseOf } from "./bases";
import { guestNames, physical } from "./config";
import { Lab } from "./lab";
import { basesInTurn } from "./turns";

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.ensure();
});
afterAll(() => lab?.stop());

it.each(basesInTurn())(
  "%s",
  async (name) => {
    await lab.restore(name); // makes it, if it is not in the cache yet: the guests boot inside two emulations
    await lab.restore(name);
    for (const guest of guestNames) await lab.guestAnswers(guest);
    await lab.hv(["ping", "-q", "-c", "2", "-W", "3", physical.gateway]);
    if (baseOf(name).vlans)
      await lab.waitHv("LLDP names VLAN 10", "lldpcli show neighbors details | grep -q 'VLAN: .*10'");
    if (baseOf(name).pingFrom === "hypervisor") await lab.guest("web-01", `ping -q -c 2 -W 3 ${physical.outside}`);
    expect(await lab.pingHostFromSwitch()).toBe(true);
  },
  1_800_000,
);
