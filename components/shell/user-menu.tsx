"use client";

import { Languages, LogOut, Moon, Sun, UserRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { route as logOut } from "@/lib/wire/routes/log-out";
import { call, reasonOf } from "../api/client";
import { Button } from "../ui/button";
import { useText } from "../ui/language";
import { setLanguage, setTheme, themeNow } from "../ui/preferences";
import { useMe } from "./me";

/** Light or dark, language, and the way out. */
export function UserMenu() {
  const { t } = useText();
  const { me } = useMe();
  const [failure, setFailure] = useState<string>();
  const leave = async () => {
    try {
      await call(logOut, {});
      location.assign("/login");
    } catch (error) {
      setFailure(reasonOf(error));
    }
  };
  return (
    <div className="flex items-center gap-0.5">
      <PreferenceButtons />
      {me && (
        <span
          className="ml-1 hidden max-w-32 items-center gap-1 text-xs text-muted lg:flex"
          title={`${me.email}, ${t(`role_${me.role}`)}`}
        >
          <UserRound aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="truncate">{me.name}</span>
        </span>
      )}
      <Button
        look="quiet"
        small
        onClick={() => void leave()}
        aria-label={t("logOut")}
        title={failure ?? t("logOut")}
        icon={<LogOut className="size-4" />}
      />
    </div>
  );
}

/** Theme and language: also on the pages that open without an account. */
export function PreferenceButtons() {
  const { t, language } = useText();
  const router = useRouter();
  return (
    <>
      <Button
        look="quiet"
        small
        aria-label={t("switchTheme")}
        title={t("switchTheme")}
        onClick={() => setTheme(themeNow() === "dark" ? "light" : "dark")}
        icon={
          <>
            <Sun className="theme-dark-only size-4" />
            <Moon className="theme-light-only size-4" />
          </>
        }
      />
      <Button
        look="quiet"
        small
        lang={language === "en" ? "zh" : "en"}
        title={t("switchLanguage")}
        onClick={() => {
          setLanguage(language === "en" ? "zh" : "en");
          router.refresh();
        }}
        icon={<Languages className="size-4" />}
      >
        {language === "en" ? "中文" : "English"}
      </Button>
    </>
  );
}
