"use client";

import "@/lib/text/late/accounts";
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
      <Choice
        name="theme"
        title={t("theme")}
        options={themes}
        chosen={theme}
        onChoose={(id) => {
          setTheme(id);
          choose(id);
        }}
      />
      <Choice
        name="language"
        title={t("language")}
        options={languages}
        chosen={language}
        onChoose={(id) => {
          setLanguage(id);
          router.refresh();
        }}
      />
      <p className="text-xs text-muted">{t("preferencesHint")}</p>
    </div>
  );
}

function Choice<Id extends string>({
  name,
  title,
  options,
  chosen,
  onChoose,
}: {
  readonly name: "theme" | "language";
  readonly title: string;
  readonly options: readonly (readonly [Id, string])[];
  readonly chosen: Id | undefined;
  readonly onChoose: (id: Id) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{title}</legend>
      <div className="flex gap-5">
        {options.map(([id, word]) => (
          <label key={id} lang={name === "language" ? id : undefined} className="flex items-center gap-1.5">
            <input type="radio" name={name} checked={chosen === id} onChange={() => onChoose(id)} />
            {word}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
