import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { UnderPlainHttp } from "@/components/shell/plain-http";
import { LanguageProvider } from "@/components/ui/language";
import { buildHeader } from "@/lib/wire/build";
import { plainHttpHeader } from "@/lib/wire/plain-http";
import { languageFrom, themeFrom } from "./preferences";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Taproot", template: "%s - Taproot" },
  description: "Live topology and diagnosis for the network under virtual machines",
  icons: "/icon.svg",
  // Inventories and incident links are nobody's search results.
  robots: { index: false, follow: false },
  referrer: "same-origin",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

/** Reading cookies makes every page dynamic, which the nonce of the Content-Security-Policy needs. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const jar = await cookies();
  const theme = themeFrom(jar.get("taproot-theme")?.value);
  const language = languageFrom(jar.get("taproot-language")?.value);
  const asked = await headers();
  const isPlain = asked.has(plainHttpHeader);
  return (
    <html lang={language === "zh" ? "zh-Hans" : "en"} data-theme={theme} suppressHydrationWarning>
      <body data-build={asked.get(buildHeader) ?? undefined} suppressHydrationWarning>
        <LanguageProvider language={language}>
          {isPlain ? <UnderPlainHttp>{children}</UnderPlainHttp> : children}
        </LanguageProvider>
      </body>
    </html>
  );
}
