"use client";

import "@/lib/text/late/accounts";
import { useMe } from "../shell/me";
import { useText } from "../ui/language";
import { Page } from "../ui/page";
import { Tabs } from "../ui/tabs";
import { useUrlState } from "../ui/url-state";
import { AccountTab } from "./account-tab";
import { AppearanceTab } from "./appearance-tab";
import { ThresholdsTab } from "./thresholds-tab";
import { TokensTab } from "./tokens-tab";
import { UsersTab } from "./users-tab";

const all = ["appearance", "account", "tokens", "thresholds", "users"] as const;

export function SettingsPage() {
  const { t } = useText();
  const { can } = useMe();
  const url = useUrlState();
  const names = {
    appearance: t("appearance"),
    account: t("account"),
    tokens: t("tokens"),
    thresholds: t("thresholds"),
    users: t("users"),
  };
  const shown = all.filter((id) => id !== "users" || can("admin"));
  const current = shown.find((id) => id === url.get("tab")) ?? "appearance";
  return (
    <Page title={t("navSettings")}>
      <div className="rounded border border-line bg-surface">
        <Tabs
          label={t("navSettings")}
          tabs={shown.map((id) => ({ id, name: names[id] }))}
          current={current}
          // What was searched for on one tab means nothing on another.
          onChange={(tab) => url.set({ tab, q: undefined, changed: undefined }, true)}
        >
          <div className="p-4">
            {current === "appearance" && <AppearanceTab />}
            {current === "account" && <AccountTab />}
            {current === "tokens" && <TokensTab />}
            {current === "thresholds" && <ThresholdsTab />}
            {current === "users" && <UsersTab />}
          </div>
        </Tabs>
      </div>
    </Page>
  );
}
