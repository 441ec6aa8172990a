import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { id, oneOf, take } from "../scaffold.mjs";

export const about = "a source of guests: which probes it reads, and the guests that it finds in them";
export const usage = "<id> <probe>";
export const samples = [["made-up-guests", "sockets"]];
export const contracts = ["lib/guests/sources.test.ts", "lib/names.test.ts"];

export function files(words, root) {
  const [idWord, probeWord] = take(words, "id", "probe");
  const name = id(idWord);
  const probe = oneOf(probeWord, probesIn(join(root, "lib/probes")), "probe");
  return { [`lib/guests/${name}.ts`]: source(probe) };
}

const source = (probe) => `import { type Facts, factIfRead } from "../facts/facts";
import { defineGuestSource, type Guest } from "./define";

/** Say here who runs these guests, and what nobody but this source tells; see docs/adding-a-kind.md. */
export const source = defineGuestSource({
  // After libvirt and the processes of QEMU: what those say stands.
  rank: 10,
  reads: ["${probe}"],
  guests: (facts: Facts): readonly Guest[] => {
    const told = factIfRead(facts, "${probe}");
    if (!told) return [];
    // Return each guest that "${probe}" tells of: its name, a key that outlives restarts, whether it runs, and its network cards.
    return [];
  },
});
`;

/** Ids of the probes that there are, by their files. */
const probesIn = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && /^export const probe\b/m.test(readFileSync(join(folder, name), "utf8")))
    .map((name) => name.slice(0, -".ts".length));
