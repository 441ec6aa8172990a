import * as z from "zod";
import { SessionRow } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/auth/sessions",
  role: "viewer",
  summary: "Lists one's own sessions.",
  result: z.object({ sessions: z.array(SessionRow) }),
  errors: ["bad-request"],
});
