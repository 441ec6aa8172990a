import { Me, SetupBody } from "../rest";
import { defineRoute, hashLimitMs } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/auth/setup",
  role: "open",
  summary: "Makes the first admin with the one-time link of the console, and opens a session.",
  body: SetupBody,
  result: Me,
  errors: ["gone", "limited", "conflict"],
  limitMs: hashLimitMs,
});
