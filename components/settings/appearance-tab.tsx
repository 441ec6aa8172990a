"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { Language } from "@/lib/wording";
import { useText } from "../ui/language";
import { setLanguage, setTheme, type Theme } from "../ui/preferences";

export function AppearanceTab() {
  const { t, language } = useText();
  const router = useRouter();
  const [theme, choose] = useState<Theme>();
  useEffect(() => {
    const chosen = document.documentElement.dataset.theme;
    choose(chosen === "light" || chosen === "dark" ? chosen : "system");
  }, []);
  const themes: readonly (readonly [Theme, string])[] = [
    ["system", t("themeSystem")],
    ["light", t("themeLight")],
    ["dark", t("themeDark")],
  ];
  const languages: readonly (readonly [Language, string])[] = [
    ["en", "English"],
    ["zh", "中文"],
  ];
  return (
    <div className="flex flex-col gap-5">
      <fieldset>
        <legend className="mb-1 font-medium">{t("theme")}</legend>
        <div className="flex gap-5">
          {themes.map(([id, name]) => (
            <label key={id} className="flex items-center gap-1.5">
              <input
                type="radio"
                name="theme"
                checked={theme === id}
                onChange={() => {
                  setTheme(id);
                  choose(id);
                }}
              />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend className="mb-1 font-medium">{t("language")}</legend>
        <div className="flex gap-5">
          {languages.map(([id, name]) => (
            <label key={id} lang={id} className="flex items-center gap-1.5">
              <input
                type="radio"
                name="language"
                checked={language === id}
                onChange={() => {
                  setLanguage(id);
                  router.refresh();
                }}
              />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <p className="text-xs text-muted">{t("preferencesHint")}</p>
    </div>
  );
}
