import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootMachine, type Machine, releasesOfThisRun } from "./machine";

const packaging = (name: string) => readFileSync(new URL(`../../packaging/${name}`, import.meta.url), "utf8");
const units = ["taproot-collector.service", "taproot-web.service"] as const;
/** Stands for the product where a test asks what a process of the unit may do. */
const standIn = (unit: string) => `/etc/systemd/system/${unit}.d/test.conf`;

describe.each(releasesOfThisRun())("the units on %s", (release) => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await bootMachine(release);
    await machine.write("/usr/lib/sysusers.d/taproot.conf", packaging("taproot.sysusers.conf"));
    await machine.must(["systemd-sysusers"]);
    await machine.must(["mkdir", "-p", "/opt/taproot/dist"]);
    await machine.write("/etc/taproot/bus-token", "t".repeat(43), 0o640);
    await machine.must(["chgrp", "taproot-bus", "/etc/taproot/bus-token"]);
    await machine.write("/usr/bin/node", "#!/bin/sh\nexec sleep infinity\n", 0o755);
    for (const unit of units) await machine.write(`/etc/systemd/system/${unit}`, packaging(unit));
    await machine.must(["systemctl", "daemon-reload"]);
  });
  afterAll(() => machine?.dispose());

  it.each(units)("%s is sound, and exposed to at most 2.5", async (unit) => {
    const verified = await machine.exec(["systemd-analyze", "verify", `/etc/systemd/system/${unit}`]);
    expect(verified.stderr.split("\n").filter((line) => line.includes("taproot"))).toEqual([]);
    const said = await machine.must(["systemd-analyze", "security", "--no-pager", unit]);
    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(said)?.[1]);
    expect(exposure).toBeGreaterThan(0);
    expect(exposure).toBeLessThanOrEqual(2.5);
  });

  it("lets the web process reach the bus and the token, and nothing of the collector's", async () => {
    // The same units, with a shell in the place of the product.
    const collector = `umask 077; echo secret >"$$TAPROOT_DATA/secret.key"; [ "$$(cat "$$TAPROOT_BUS_TOKEN_FILE" | wc -c)" = 43 ] || exit 9; echo bus >"$$TAPROOT_BUS"; chmod 660 "$$TAPROOT_BUS"; exec sleep infinity`;
    await machine.write(standIn(units[0]), `[Service]\nExecStart=\nExecStart=/bin/sh -c '${collector}'\n`);
    const web = `for f in /var/lib/taproot/secret.key /var/lib/taproot /etc/shadow /root /proc/1/environ; do cat "$$f" >/dev/null 2>&1 || { [ -d "$$f" ] && ls "$$f" >/dev/null 2>&1; } && echo "reads $$f"; done; cat "$$TAPROOT_BUS"; cat "$$TAPROOT_BUS_TOKEN_FILE" | wc -c; ls /run/taproot-bus; touch /run/taproot-bus/x /usr/x /opt/taproot/x 2>/dev/null && echo writes; touch "$$TAPROOT_DATA/own" && echo own; echo end; exec sleep infinity`;
    await machine.write(
      standIn(units[1]),
      `[Service]\nExecStart=\nExecStart=/bin/sh -c '${web}'\nStandardOutput=file:/tmp/web.out\n`,
    );
    await machine.must(["systemctl", "daemon-reload"]);
    await machine.must(["systemctl", "start", units[0]]);
    for (let tries = 0; (await machine.exec(["test", "-s", "/run/taproot-bus/bus.sock"])).status !== 0; tries++) {
      if (tries > 50) throw new Error(await machine.must(["journalctl", "--no-pager", "-n", "30"]));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await machine.must(["systemctl", "start", units[1]]);
    let out = "";
    for (let tries = 0; !out.endsWith("end\n"); tries++) {
      if (tries > 50) throw new Error(`${out}\n${await machine.must(["journalctl", "--no-pager", "-n", "30"])}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      out = (await machine.exec(["cat", "/tmp/web.out"])).stdout;
    }
    expect(out).toBe("bus\n43\nbus.sock\nown\nend\n");
    expect(await machine.must(["stat", "-c", "%U:%G %a", "/var/lib/taproot"])).toBe(
      "taproot-collector:taproot-bus 700\n",
    );
    expect(await machine.must(["stat", "-c", "%U:%G %a", "/run/taproot-bus"])).toBe(
      "taproot-collector:taproot-bus 750\n",
    );
  });
});
