import { LoginBody, Me } from "../rest";
import { defineRoute, hashLimitMs } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/auth/login",
  role: "open",
  summary: "Opens a session and sets its cookie.",
  body: LoginBody,
  result: Me,
  errors: ["bad-login", "disabled", "limited"],
  limitMs: hashLimitMs,
});
