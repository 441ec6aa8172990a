import { SettingList } from "../settings";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "DELETE",
  path: "/api/settings",
  role: "admin",
  summary: "Brings all thresholds back to their defaults.",
  result: SettingList,
  errors: [],
});
