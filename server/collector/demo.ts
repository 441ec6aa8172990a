import { z } from "zod";
import type { SettingRepository } from "../store/repositories/settings";
import type { Fleet } from "./fleet/fleet";
import type { StoredKeys } from "./stored-keys";

const setting = "demo";
const Setting = z.object({ hosts: z.number().int().min(1).max(50) });
const guests = 12;
const seed = 7;

/** The demo fleet: simulated hosts in this process, reached over real SSH. It comes back after a restart, and leaves nothing behind when it is stopped. */
export class Demo {
  private end: (() => Promise<void>) | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly keys: StoredKeys,
    private readonly settings: SettingRepository,
  ) {}

  /** Starts it again where it ran when the collector ended. */
  async resume(): Promise<void> {
    const before = await this.settings.get(setting, Setting);
    if (before) await this.start(before.hosts);
  }

  /** Starts the demo fleet, in place of one that runs. A real host of the same name keeps it: the demo's is then called demo-... */
  async start(hosts: number): Promise<void> {
    await this.end?.();
    // Loaded only when it is asked for: a collector without a demo has no SSH server in it.
    const { startSim } = await import("@/server/sim");
    const sim = await startSim({ hosts, guests, seed, incidents: { everyMs: 40_000, forMs: 120_000 } });
    this.end = async () => {
      this.end = undefined;
      for (const id of this.fleet.demoHosts()) this.fleet.remove(id);
      this.keys.setDemo([]);
      await sim.stop();
    };
    this.keys.setDemo(sim.knownHosts());
    for (const spec of sim.specs())
      await this.fleet.add(this.fleet.host(spec.id) ? { ...spec, id: `demo-${spec.id}` } : spec, true);
    await this.settings.put(setting, { hosts });
  }

  async stop(): Promise<void> {
    await this.settings.drop(setting);
    await this.end?.();
  }

  /** Ends the simulated hosts, to be resumed by the next start. */
  async close(): Promise<void> {
    await this.end?.();
  }
}
