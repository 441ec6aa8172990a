import type { FleetProblem } from "@/lib/wire/topics/problems";
import { defineSource } from "./define";

export const source = defineSource<"problems">({
  state: ({ fleet }) => ({
    snapshot: {
      problems: fleet
        .hosts()
        .flatMap(({ info, engine }) => engine.problems.map((problem): FleetProblem => ({ ...problem, host: info.id }))),
    },
  }),
  on: {
    delta: ({ host, problems }) =>
      problems && {
        delta: { put: problems.put.map((problem) => ({ ...problem, host })), drop: [...problems.drop], gone: [] },
      },
    fleet: ({ drop }) => (drop.length === 0 ? undefined : { delta: { put: [], drop: [], gone: [...drop] } }),
    renewed: (host) => ({ delta: { put: [], drop: [], gone: [host] } }),
  },
});
