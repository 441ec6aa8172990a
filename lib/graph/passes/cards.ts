import { factIfRead } from "../../facts/facts";
import { stringsIn } from "../links";
import type { Json } from "../model";
import type { Pass } from "../pass";

/** More than this is no memory of cards, it is a machine that makes new functions all the time. */
const most = 256;

/**
 * Which interface a PCI function made when a driver of the host had it, at the host: `hadCards`, lists of slot and name. A function that was handed to vfio-pci has no
 * interface any more, and with it goes the name that the configuration knows it by.
 */
export const pass: Pass = {
  id: "cards",
  after: ["host"],
  needs: [],
  optional: ["pci-net"],
  run(builder) {
    const had = new Map<string, string>(remembered(builder.memory.cards));
    const cards = factIfRead(builder.facts, "pci-net");
    for (const card of cards ?? []) {
      // Functions of a card come by the hundred and would leave no room for the cards.
      if (card.physfn !== undefined) continue;
      const [name] = card.interfaces;
      if (card.interfaces.length === 1 && name !== undefined && (had.has(card.slot) || had.size < most))
        had.set(card.slot, name);
    }
    const gone = (cards ?? []).flatMap((card) => {
      const name = had.get(card.slot);
      return card.interfaces.length === 0 && name !== undefined ? [[card.slot, name]] : [];
    });
    const host = builder.ofKind("host")[0];
    if (host && gone.length > 0) builder.annotate(host.id, { hadCards: gone.sort() });
    if (had.size > 0) builder.memory.cards = [...had].map(([slot, name]) => [slot, name]).sort();
  },
};

/** Lists of a slot and a name. */
const remembered = (value: Json | undefined): [string, string][] =>
  (Array.isArray(value) ? (value as readonly Json[]) : []).flatMap((entry) => {
    const [slot, name] = stringsIn(entry);
    return slot === undefined || name === undefined ? [] : [[slot, name] as [string, string]];
  });
