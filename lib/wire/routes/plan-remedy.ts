import * as z from "zod";
import { PlanView } from "../rest";
import { defineRoute, hostLimitMs } from "./define";

const Plan = z.object({
  host: z.string().min(1).max(200),
  finding: z.string().min(1).max(1000),
  /** Id of one of the finding's remedies; the gentlest where none is named. */
  remedy: z.string().max(100).optional(),
});

export const route = defineRoute({
  method: "POST",
  path: "/api/remedies",
  role: "operator",
  summary: "Plans a remedy for a finding. Nothing is changed yet.",
  body: Plan,
  result: PlanView,
  errors: ["not-found", "changed", "offline", "refused", "confirm"],
  limitMs: hostLimitMs,
});
