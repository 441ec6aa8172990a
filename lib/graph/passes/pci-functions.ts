import { factIfRead } from "../../facts/facts";
import { stringsIn } from "../links";
import type { Json } from "../model";
import type { Pass } from "../pass";

/** More than this is no memory of PCI functions, it is a machine that makes new functions all the time. */
const most = 256;

/**
 * Which interface a PCI function made when a driver of the host had it, at the host: `hadPciFunctions`, lists of slot and
 * name. A function that was handed to vfio-pci has no interface any more, and with it goes the name that the
 * configuration knows it by.
 */
export const pass: Pass = {
  id: "pci-functions",
  after: ["host"],
  needs: [],
  optional: ["pci-net"],
  run(builder) {
    // Memory that an older release has stored calls them cards.
    const had = new Map<string, string>(remembered(builder.memory.pciFunctions ?? builder.memory.cards));
    delete builder.memory.cards;
    const functions = factIfRead(builder.facts, "pci-net");
    for (const one of functions ?? []) {
      // Virtual functions come by the hundred and would leave no room for the cards themselves.
      if (one.physfn !== undefined) continue;
      const [name] = one.interfaces;
      if (one.interfaces.length === 1 && name !== undefined && (had.has(one.slot) || had.size < most))
        had.set(one.slot, name);
    }
    const gone = (functions ?? []).flatMap((one) => {
      const name = had.get(one.slot);
      return one.interfaces.length === 0 && name !== undefined ? [[one.slot, name]] : [];
    });
    const host = builder.ofKind("host")[0];
    if (host && gone.length > 0) builder.annotate(host.id, { hadPciFunctions: gone.sort() });
    if (had.size > 0) builder.memory.pciFunctions = [...had].map(([slot, name]) => [slot, name]).sort();
  },
};

/** Lists of a slot and a name. */
const remembered = (value: Json | undefined): [string, string][] =>
  (Array.isArray(value) ? (value as readonly Json[]) : []).flatMap((entry) => {
    const [slot, name] = stringsIn(entry);
    return slot === undefined || name === undefined ? [] : [[slot, name] as [string, string]];
  });
