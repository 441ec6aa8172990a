import { defineSource } from "./define";

export const source = defineSource<"fleet">({
  state: ({ fleet }) => ({ snapshot: { cards: fleet.cards() } }),
  on: { fleet: (delta) => ({ delta }) },
});
