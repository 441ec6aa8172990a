import * as z from "zod";
import { KeyQuestion } from "../rest";
import { defineRoute, nothing } from "./define";

const ApproveKey = z.object({
  question: KeyQuestion,
  /** Fingerprint of the known key that it takes the place of. */
  replace: z.string().max(200).optional(),
});

export const route = defineRoute({
  method: "POST",
  path: "/api/hosts/keys",
  role: "admin",
  summary: "Puts a host key on record that a person has compared.",
  body: ApproveKey,
  result: nothing,
  errors: ["conflict"],
});
