import { defineRoute, hostLimitMs, nothing } from "./define";

export const route = defineRoute({
  method: "POST",
  path: "/api/remedies/:run/undo",
  role: "operator",
  summary: "Takes a remedy back, now or days later.",
  result: nothing,
  errors: ["not-found", "changed", "offline", "refused", "confirm"],
  limitMs: hostLimitMs,
});
