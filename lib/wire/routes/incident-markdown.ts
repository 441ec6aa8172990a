import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/incidents/:id/markdown",
  role: "open",
  summary: "A frozen incident as Markdown for a ticket.",
  result: { media: "text/markdown" },
  errors: ["gone", "no-session", "not-found"],
});
