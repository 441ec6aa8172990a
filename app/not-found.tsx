import { cookies } from "next/headers";
import Link from "next/link";
import { ui } from "@/lib/text/ui";
import { languageFrom } from "./preferences";

export default async function NotFound() {
  const language = languageFrom((await cookies()).get("taproot-language")?.value);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3 p-6 text-center">
      <h1 className="text-base font-semibold">{ui.noSuchPage[language]}</h1>
      <Link href="/" className="text-accent hover:underline">
        {ui.toFleet[language]}
      </Link>
    </main>
  );
}
