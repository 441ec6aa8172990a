import { SettingChange, SettingList } from "../settings";
import { defineRoute } from "./define";

export const route = defineRoute({
  method: "PATCH",
  path: "/api/settings",
  role: "admin",
  summary: "Sets one threshold. Answers when every host has been judged by it.",
  body: SettingChange,
  result: SettingList,
  errors: ["conflict"],
});
