import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/incidents/:id",
  role: "operator",
  summary: "Revokes an incident link.",
  result: nothing,
  errors: ["not-found"],
});
