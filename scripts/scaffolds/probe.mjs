import { id, take } from "../scaffold.mjs";

export const about = "a probe: what is read on a host, and its printer for the simulated one";
export const usage = "<id>";
export const samples = [["made-up-fact"]];
export const contracts = ["lib/probes/contract.test.ts", "lib/events/contract.test.ts", "server/sim/answers.test.ts"];

export function files(words) {
  const [word] = take(words, "id");
  const name = id(word);
  return { [`lib/probes/${name}.ts`]: probe(name), [`server/sim/probes/${name}.ts`]: printer };
}

const probe = (name) => `import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { printItem } from "./items";
import { linesOf, partsOf } from "./parts";

/**
 * Say here what is read, and from what.
 *
 * Sample (name the tool and its version): \`Linux\`
 */
export const probe = defineProbe({
  id: "${name}",
  title: { en: "Name of the kernel", zh: "内核名称" },
  tier: "slow",
  // What makes it out of date before its turn: { "ip-monitor:link": soon }. See docs/adding-a-probe.md.
  rereadOn: {},
  command: "cat /proc/sys/kernel/ostype",
  script: "item name cat /proc/sys/kernel/ostype",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 65_536,
  fact: z.object({ name: z.string() }),
  parse: (raw) => {
    const [name, ...more] = linesOf(partsOf(raw, ["name"])("name"));
    if (name === undefined || more.length > 0) throw new ParseError("${name}: one line is expected");
    return { name };
  },
  sources: ["https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html"],
  examples: [{ name: "Linux", stdout: printItem("name", "Linux"), expect: { name: "Linux" } }],
});
`;

const printer = `import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: () => items(["name", "Linux"]) });
`;
