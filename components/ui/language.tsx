"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type UiKey, ui } from "@/lib/text/ui";
import { fill, type Language, type Params, type Wording } from "@/lib/wording";

export interface Text {
  readonly language: Language;
  /** A text of the interface by its key. */
  t(key: UiKey, params?: Params): string;
  /** A wording in the reader's language. */
  say(wording: Wording): string;
}

const LanguageContext = createContext<Language>("en");

export function LanguageProvider({
  language,
  children,
}: {
  readonly language: Language;
  readonly children: ReactNode;
}) {
  return <LanguageContext.Provider value={language}>{children}</LanguageContext.Provider>;
}

export function useText(): Text {
  const language = useContext(LanguageContext);
  return useMemo(
    () => ({
      language,
      t: (key, params) => (params ? fill(ui[key], language, params) : ui[key][language]),
      say: (wording) => wording[language],
    }),
    [language],
  );
}
