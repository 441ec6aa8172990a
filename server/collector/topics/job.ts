import { defineSource } from "./define";

export const source = defineSource<"job">({
  state: ({ jobs }) => ({ snapshot: { jobs: jobs.list() } }),
  on: { jobs: (delta) => ({ delta }) },
});
