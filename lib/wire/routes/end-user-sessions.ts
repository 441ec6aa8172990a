import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/users/:id/sessions",
  role: "admin",
  summary: "Logs a person out everywhere: ends all sessions and tokens.",
  result: nothing,
  errors: ["not-found"],
});
