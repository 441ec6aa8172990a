import { Incident } from "../share";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/incidents/:id",
  role: "open",
  summary: "A frozen incident: for accounts, and for everybody where it is public.",
  result: Incident,
  errors: ["gone", "no-session", "not-found"],
});
