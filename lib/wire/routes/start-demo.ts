import * as z from "zod";
import { defineRoute, hostLimitMs, nothing } from "./define";

const StartDemo = z.object({ hosts: z.number().int().min(1).max(50) });

export const route = defineRoute({
  method: "POST",
  path: "/api/demo",
  role: "admin",
  summary: "Starts the demo fleet of simulated hosts, in place of one that runs.",
  body: StartDemo,
  result: nothing,
  errors: [],
  limitMs: hostLimitMs,
});
