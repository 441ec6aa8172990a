import * as z from "zod";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/healthz",
  role: "open",
  summary: "For supervisors and load balancers: says which of the two processes answer, and nothing more.",
  result: z.object({ web: z.literal("up"), collector: z.enum(["up", "down"]) }),
  errors: [],
});
