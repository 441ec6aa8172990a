/** Child of the chaos run: one simulated host, which is hostile in the way that the parent names (hostile.ts). */
import { startSim } from "@/server/sim";
import { Asked } from "./hostile";
import { ways } from "./ways";

/** A place in the fleet that none of the honest hosts has. */
const place = 999;
const sim = await startSim({ hosts: 1, guests: Number(process.argv[2]), seed: 10, firstIndex: place });
const [host] = sim.hosts;
if (!host) throw new Error("no simulated host");

let end: (() => void) | undefined;
process.on("message", (message) => {
  const asked = Asked.parse(message);
  end?.();
  end = undefined;
  if ("begin" in asked) {
    const way = ways.find(({ id }) => id === asked.begin);
    if (!way) throw new Error(`no way of being hostile is called ${asked.begin}`);
    end = way.begin(host);
  }
  process.send?.({ done: true });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ id: host.id, specs: sim.specs(), known: sim.knownHosts() });
