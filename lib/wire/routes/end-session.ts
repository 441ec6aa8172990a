import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/auth/sessions/:id",
  role: "viewer",
  summary: "Ends one of one's own sessions.",
  result: nothing,
  errors: ["not-found"],
});
