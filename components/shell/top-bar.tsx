"use client";

import clsx from "clsx";
import { Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { UiKey } from "@/lib/text/ui";
import type { Role } from "@/lib/wire/rest";
import { useText } from "../ui/language";
import { LiveDot } from "./live-dot";
import { Logo } from "./logo";
import { useMe } from "./me";
import { UserMenu } from "./user-menu";

const places: readonly {
  readonly href: string;
  readonly key: UiKey;
  readonly role: Role;
  readonly under: readonly string[];
}[] = [
  { href: "/", key: "navFleet", role: "viewer", under: [] },
  { href: "/hosts", key: "navHosts", role: "viewer", under: ["/hosts"] },
  { href: "/incidents", key: "navIncidents", role: "viewer", under: ["/incidents"] },
  { href: "/checks", key: "navChecks", role: "viewer", under: ["/checks"] },
  { href: "/audit", key: "navAudit", role: "operator", under: ["/audit"] },
  { href: "/settings", key: "navSettings", role: "viewer", under: ["/settings"] },
];

export function TopBar({ onSearch }: { readonly onSearch: () => void }) {
  const { t } = useText();
  const { can, me } = useMe();
  const path = usePathname();
  return (
    <header className="flex h-11 shrink-0 items-center gap-3 border-b border-line bg-surface px-3">
      <Link href="/" className="flex items-center gap-2 pr-1 font-semibold">
        <Logo />
        <span className="hidden sm:inline">Taproot</span>
      </Link>
      <nav aria-label={t("navMain")} className="flex h-full min-w-0 items-stretch overflow-x-auto">
        {places
          .filter((p) => me === undefined || can(p.role))
          .map((p) => {
            const here = p.href === path || p.under.some((u) => path.startsWith(u));
            return (
              <Link
                key={p.href}
                href={p.href}
                aria-current={here ? "page" : undefined}
                className={clsx(
                  "-mb-px flex items-center border-b-2 px-2.5 whitespace-nowrap",
                  here ? "border-accent font-medium text-text" : "border-transparent text-muted hover:text-text",
                )}
              >
                {t(p.key)}
              </Link>
            );
          })}
      </nav>
      <button
        type="button"
        onClick={onSearch}
        className="ml-auto flex h-7 items-center gap-2 rounded border border-line-strong bg-ground px-2 text-xs text-muted hover:text-text md:w-56"
      >
        <Search aria-hidden="true" className="size-3.5" />
        <span className="hidden md:inline">{t("search")}</span>
        <kbd className="ml-auto hidden rounded border border-line px-1 text-2xs md:inline">Ctrl K</kbd>
      </button>
      <LiveDot />
      <UserMenu />
    </header>
  );
}
