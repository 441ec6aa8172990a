import * as z from "zod";
import { PastProblem } from "../../problems/past";
import { defineRoute } from "./define";

const Which = z.object({
  /** Id of the node or edge; without it, of the whole host. */
  subject: z.string().min(1).max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const route = defineRoute({
  method: "GET",
  path: "/api/hosts/:id/problems",
  role: "viewer",
  summary: "Problems of a host, open and past, newest first.",
  query: Which,
  result: z.object({ problems: z.array(PastProblem) }),
  errors: [],
});
