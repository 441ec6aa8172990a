import * as z from "zod";
import { IncidentRow } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/incidents",
  role: "viewer",
  summary: "Lists incident links.",
  result: z.object({ incidents: z.array(IncidentRow) }),
  errors: [],
});
