import * as z from "zod";
import { SetupState } from "../rest";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/auth/setup",
  role: "open",
  summary: "Says whether the first admin is still to be made, and whether this link may make it.",
  query: z.object({
    token: z
      .string()
      .default("")
      .transform((token) => token.slice(0, 200)),
  }),
  result: SetupState,
  errors: [],
});
