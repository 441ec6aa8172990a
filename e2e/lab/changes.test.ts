/**
 * Normal life leaves nothing red: guests are switched off and on, a bond fails over and back, spanning tree converges, services restart, the host boots. During a change the
 * product may say what is so; once it has settled, it accuses nobody.
 * A run takes two of these, in turns by day (turns.ts).
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeFinding, trueOfTheLab } from "./diagnosis";
import { Lab } from "./lab";
import { waitFor } from "./run";
import { inTurns } from "./turns";
import { hostId, Watcher } from "./watcher";

let lab: Lab;
let watcher: Watcher;

/** Longest time from the end of a change to the last red: what looks back over a window included. */
const settlesWithinMs = 90_000;

beforeAll(async () => {
  lab = await Lab.ensure();
});
afterAll(() => lab?.stop());

beforeEach(async () => {
  await lab.restore("bond");
  watcher = await Watcher.open(lab);
  expect(reds()).toEqual([]);
}, 600_000);
afterEach(() => watcher?.close());

const reds = () =>
  watcher
    .accusations()
    .filter((finding) => !trueOfTheLab.has(finding.check))
    .map(describeFinding);

/** Everything was read again after the change, and nothing is red: at once, or within the bound and then for good. */
async function settles(): Promise<void> {
  await watcher.sweep();
  if (reds().length > 0) {
    await watcher.until(() => (reds().length === 0 ? true : undefined), settlesWithinMs);
    await watcher.sweep();
  }
  expect(reds()).toEqual([]);
  expect([...watcher.engine.defects]).toEqual([]);
}

const guest = (name: string) => {
  const found = watcher.snapshot().nodes.find((node) => node.kind === "vm" && node.name === name);
  return String(found?.attributes.state ?? "gone");
};

const changes: Readonly<Record<string, () => Promise<void>>> = {
  async "a guest that somebody shuts down, though it starts with the host, is no fault; neither is its start"() {
    // The guest has no ACPI daemon: what `virsh shutdown` asks of one, its root does here.
    await lab.tryHv(["lab-guest-shell", "web-01", "poweroff -f", "3"]);
    await lab.waitHv("web-01 has shut down", "virsh domstate --reason web-01 | grep -q 'shut off (shutdown)'", 60_000);
    await settles();
    expect(guest("web-01")).toBe("shut off");
    await lab.hv("virsh -q start web-01");
    await settles();
    expect(guest("web-01")).toBe("running");
  },

  async "a bond that fails over tells it, cuts nobody off, and is well when its primary is back"() {
    await lab.hv("ip link set bond0 type bond primary nic0");
    await lab.setLink("nic0", false);
    await lab.waitHv("the bond failed over", "grep -qx nic1 /sys/class/net/bond0/bonding/active_slave");
    const told = await watcher.until(
      () => watcher.accusations().find(({ check }) => check === "nic-no-carrier"),
      60_000,
    );
    expect(told?.subject).toBe(`${hostId}/nic/nic0`);
    expect(told?.impacts).toEqual([]);
    await lab.setLink("nic0", true);
    await lab.waitHv("the primary is back", "grep -qx nic0 /sys/class/net/bond0/bonding/active_slave");
    await settles();
  },

  async "a bridge with STP whose new member listens and learns is well, then and after"() {
    await lab.hv(
      "ip link add br9 type bridge stp_state 1 forward_delay 1500 && ip link add end0 type veth peer name end1 && ip link set end0 master br9 && ip link set br9 up && ip link set end0 up && ip link set end1 up",
    );
    await lab.waitHv("the port listens or learns", "bridge link show dev end0 | grep -qE 'state (listening|learning)'");
    await watcher.sweep();
    expect(reds()).toEqual([]);
    await lab.waitHv("the port forwards", "bridge link show dev end0 | grep -q 'state forwarding'", 60_000);
    await settles();
    await lab.hv("ip link del end0 && ip link del br9");
    await settles();
  },

  async "libvirt and LLDP are restarted, one guest is reset, another paused for a moment"() {
    await lab.hv("systemctl restart libvirtd.service lldpd.service", 60_000);
    await lab.hv("virsh -q reset web-01 && virsh -q suspend web-02 && sleep 3 && virsh -q resume web-02");
    await settles();
    expect([guest("web-01"), guest("web-02")]).toEqual(["running", "running"]);
  },

  async "the host boots, and with it the guests that start by themselves"() {
    watcher.close();
    const boot = "cat /proc/sys/kernel/random/boot_id";
    const before = await lab.hv(boot);
    await lab.hv("systemctl --no-block reboot");
    await waitFor(
      "the machine boots anew",
      async () => {
        const { status, stdout } = await lab.tryHv(boot, 5_000).catch(() => ({ status: 1, stdout: "" }));
        return status === 0 && stdout !== before;
      },
      { timeoutMs: 300_000, everyMs: 1_000 },
    );
    await lab.waitHv(
      "ssh and the guests are up",
      "systemctl is-active -q ssh && virsh list --name | grep -q web-01 && virsh list --name | grep -q web-02",
      300_000,
    );
    watcher = await Watcher.open(lab);
    await settles();
    expect([guest("web-01"), guest("web-02")]).toEqual(["running", "running"]);
  },
};

const names = Object.keys(changes);
// A boot takes minutes by itself: only who asks for it (LAB_TURNS) waits for that.
const chosen = inTurns(process.env.LAB_TURNS ? names : names.filter((name) => !name.startsWith("the host boots")), 2);
for (const [name, change] of Object.entries(changes)) if (chosen.has(name)) it(name, change, 900_000);
