import * as z from "zod";
import { defineRoute, hostLimitMs, nothing } from "./define";

const Apply = z.object({
  /** Which of the plan's options, where it leaves a choice. */
  choice: z.string().max(1000).optional(),
  /** Name of the host, typed by a person: asked for where the change may cut off Taproot's own way to it. */
  typedHost: z.string().max(200).optional(),
});

export const route = defineRoute({
  method: "POST",
  path: "/api/remedies/:run/apply",
  role: "operator",
  summary: "Carries a planned remedy out. Its progress comes by the socket.",
  body: Apply,
  result: nothing,
  errors: ["not-found", "changed", "offline", "refused", "confirm"],
  limitMs: hostLimitMs,
});
