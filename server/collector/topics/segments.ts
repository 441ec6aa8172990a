import { defineSource } from "./define";

export const source = defineSource<"segments">({
  state: ({ fleet }) => ({ snapshot: { segments: [...fleet.segments()] } }),
  on: { segments: ({ put, drop }) => ({ delta: { put: [...put], drop: [...drop] } }) },
});
