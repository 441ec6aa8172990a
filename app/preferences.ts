import type { Language } from "@/lib/wording";

/** What the preference cookies may say; anything else counts as not chosen. */
export const themeFrom = (value: string | undefined): "light" | "dark" | undefined =>
  value === "light" || value === "dark" ? value : undefined;

export const languageFrom = (value: string | undefined): Language => (value === "zh" ? "zh" : "en");
