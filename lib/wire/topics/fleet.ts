import * as z from "zod";
import { HostCard } from "../model";
import { defineTopic, putAndDrop } from "./define";

const idOf = (card: HostCard) => card.host.id;

/** A card of every host. */
export const topic = defineTopic({
  id: "fleet",
  of: "all",
  snapshot: z.object({ cards: z.array(HostCard) }),
  delta: z.object({ put: z.array(HostCard), drop: z.array(z.string()) }),
  open: ({ cards }): ReadonlyMap<string, HostCard> => new Map(cards.map((card) => [idOf(card), card])),
  apply: (before, delta) => putAndDrop(before, delta, idOf),
});

export type FleetChange = z.output<typeof topic.delta>;
