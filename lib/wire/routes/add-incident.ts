import { IncidentRow, NewIncident } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/incidents",
  role: "operator",
  summary: "Freezes what a host shows now into a link.",
  body: NewIncident,
  result: IncidentRow,
  status: 201,
  errors: ["conflict", "not-found"],
});
