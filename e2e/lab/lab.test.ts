/** The lab itself: it restores in seconds, traffic really flows, cables can really be pulled, and a restore undoes all of it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Lab } from "./lab";
import { run, tryRun } from "./run";

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.ensure();
});
afterAll(() => lab?.stop());

it("restores a base in a few seconds, with guests that answer at once and the clock set", async () => {
  const started = performance.now();
  await lab.restore("bond");
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(await lab.pingGuestFromSwitch("web-01")).toBe(true);
  expect(await lab.pingGuestFromSwitch("web-02")).toBe(true);
  expect(await lab.pingHostFromSwitch()).toBe(true);
  const theirs = Number(await lab.hv("date +%s.%N"));
  expect(Math.abs(theirs - Date.now() / 1000)).toBeLessThan(2);
});

it("pulls a cable: the kernel loses carrier, the bond fails over, guests stay reachable; restore plugs it in", async () => {
  await lab.setLink("nic0", false);
  await lab.waitHv("nic0 lost its carrier", "grep -qx 0 /sys/class/net/nic0/carrier");
  await lab.waitHv("the bond failed over", "grep -qx nic1 /sys/class/net/bond0/bonding/active_slave");
  await lab.guestAnswers("web-01");
  await lab.setLink("nic1", false);
  await lab.waitHv("nic1 lost its carrier", "grep -qx 0 /sys/class/net/nic1/carrier");
  expect(await lab.pingGuestFromSwitch("web-01")).toBe(false);

  await lab.restore("bond");
  expect((await lab.hv("cat /sys/class/net/nic0/carrier /sys/class/net/nic1/carrier")).trim()).toBe("1\n1");
  expect(await lab.pingGuestFromSwitch("web-01")).toBe(true);
});

it("sees the switch by LLDP on both uplinks", async () => {
  await lab.waitHv(
    "two LLDP neighbours",
    'test "$(lldpcli -f keyvalue show neighbors | grep -c chassis.name=tor-01)" = 2',
  );
});

it("keeps its own way in when the machine has no network left", async () => {
  await lab.hv("ip link set mgmt0 down; ip link set br0 down");
  expect((await lab.hv("hostname")).trim()).toBe("kvm-01");
  await lab.restore("bond");
});

it("reports a failing command and a bound that was passed", async () => {
  await expect(lab.hv("echo why >&2; exit 3")).rejects.toThrow(/status 3.*\nwhy/s);
  await expect(lab.hv("sleep 30", 1_000)).rejects.toThrow(/no end after 1000 ms/);
});

it("types at a guest's console", async () => {
  expect(await lab.guest("web-01", "hostname")).toBe("web-01\n");
  await expect(lab.guest("web-01", "false")).rejects.toThrow(/status 1/);
});

it("lets people in by ssh with a known host key: root, a user with sudo, a user without", async () => {
  const ssh = (user: string, command: string) =>
    tryRun(
      [
        "ssh",
        "-i",
        lab.ssh.privateKeyPath,
        "-p",
        String(lab.ssh.port),
        "-o",
        "BatchMode=yes",
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        `UserKnownHostsFile=${lab.ssh.knownHostsPath}`,
        "-o",
        "StrictHostKeyChecking=yes",
        `${user}@${lab.ssh.host}`,
        command,
      ],
      { timeoutMs: 30_000 },
    );
  expect((await ssh(lab.ssh.user, "id -un")).stdout.trim()).toBe("root");
  expect((await ssh(lab.ssh.sudoUser, "sudo -n id -un")).stdout.trim()).toBe("root");
  expect((await ssh(lab.ssh.plainUser, "sudo -n id -un")).status).not.toBe(0);
  expect(await run(["ssh-keygen", "-lf", lab.ssh.knownHostsPath])).toContain(lab.ssh.hostKeyFingerprint);
});
