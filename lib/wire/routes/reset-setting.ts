import { SettingList } from "../settings";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/settings/:check/:name",
  role: "admin",
  summary: "Brings one threshold back to its default.",
  result: SettingList,
  errors: ["conflict", "not-found"],
});
