import type { Language } from "@/lib/wording";

/** Choices by hand live in cookies, so that the server already renders in the right language and colours: no flash, no inline script. */
export type Theme = "light" | "dark" | "system";

const year = 365 * 24 * 3600;

function keep(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain HTTP, where this product is often served.
  document.cookie = `${name}=${value}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
}

export function setTheme(theme: Theme): void {
  keep("taproot-theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export const setLanguage = (language: Language): void => keep("taproot-language", language);

/** What is drawn now, with the system's wish where nothing was chosen. */
export function themeNow(): "light" | "dark" {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
