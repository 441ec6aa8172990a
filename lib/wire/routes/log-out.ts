import { defineRoute, nothing } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/auth/logout",
  role: "viewer",
  summary: "Ends the session that asks.",
  result: nothing,
  errors: ["bad-request"],
});
