import * as z from "zod";
import { HostCard } from "../model";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "GET",
  path: "/api/hosts",
  role: "viewer",
  summary: "Lists all hosts with their state, worst status and problems.",
  result: z.object({ cards: z.array(HostCard) }),
  errors: [],
});
