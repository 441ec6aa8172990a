import type { z } from "zod";

/** First thing that does not fit, with its place. Values are left out: they may be secrets. */
export function issueOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join(".") || "message"}: ${issue.message}` : "does not fit";
}
