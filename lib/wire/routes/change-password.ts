import { PasswordBody } from "../rest";
import { defineRoute, hashLimitMs, nothing } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/auth/password",
  role: "viewer",
  summary: "Changes one's own password and ends all other sessions and all tokens of this person.",
  body: PasswordBody,
  result: nothing,
  errors: ["bad-password", "limited"],
  limitMs: hashLimitMs,
});
