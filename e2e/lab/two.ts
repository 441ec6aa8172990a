/**
 * Two hypervisors on one segment: two labs, the second restored to base `second` (other names, addresses and guest), whose uplinks are moved into the first one's switch.
 * Each lab reads its instance from the environment as its modules load, so the second comes from modules of its own, which the caller loads.
 */
import { physical, second } from "./config";
import type { Lab } from "./lab";
import { waitFor } from "./run";

export class Two {
  private joined = false;

  private constructor(
    readonly first: Lab,
    readonly second: Lab,
    /** Namespace that the second one's switch ports come from and go back to. */
    private readonly home: string,
  ) {}

  /** `load` gives the modules of another instance, e.g. after vi.resetModules(). */
  static async ensure(
    load: () => Promise<{ lab: typeof import("./lab"); config: typeof import("./config") }>,
  ): Promise<Two> {
    const { Lab: First } = await import("./lab");
    const first = await First.ensure({ base: "bond" });
    try {
      const other = await load();
      return new Two(first, await other.lab.Lab.ensure({ base: "second" }), other.config.physical.namespace);
    } catch (error) {
      await first.stop();
      throw error;
    }
  }

  /** Both as they were saved, on one switch, and each knows its neighbours. */
  async restore(): Promise<void> {
    await this.part();
    await this.first.restore("bond");
    await this.second.restore("second");
    for (const [own, port] of Object.entries(second.ports)) {
      await this.second.switchNs(["ip", "link", "set", own, "netns", physical.namespace, "name", port]);
      const mac = `52:54:00:4c:ff:1${port.at(-1)}`;
      await this.first.switchNs(["ip", "link", "set", port, "address", mac, "master", physical.bridge, "up"]);
    }
    this.joined = true;
    // What it saw when it was saved would stand beside what it sees now until its time is over.
    await this.second.hv("systemctl restart lldpd");
    for (const [lab, ports] of [
      [this.first, "swp1 swp2"],
      [this.second, "swp3 swp4"],
    ] as const)
      await lab.waitHv(
        `LLDP shows ${ports} and nothing else`,
        `test "$(lldpcli -f keyvalue show neighbors | sed -n 's/.*port.ifname=//p' | sort -u | xargs)" = "${ports}"`,
        60_000,
      );
    await waitFor(
      `${second.guest} answers on the first one's switch`,
      () => this.first.switch.pings(this.second.addressOf(second.guest)),
      { timeoutMs: 30_000 },
    );
  }

  async stop(): Promise<void> {
    await this.second.stop();
    await this.first.stop();
  }

  private async part(): Promise<void> {
    if (!this.joined) return;
    for (const [own, port] of Object.entries(second.ports)) {
      await this.first.switchNs(["ip", "link", "set", port, "netns", this.home, "name", own]);
      await this.second.switchNs(["ip", "link", "set", own, "address", `52:54:00:4c:ff:1${own.at(-1)}`]);
    }
    this.joined = false;
  }
}
