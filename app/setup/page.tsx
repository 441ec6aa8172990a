import type { Metadata } from "next";
import { SetupPage } from "@/components/account/setup-page";

/** The token stands in the address: no other site may learn it from a Referer. */
export const metadata: Metadata = { title: "First admin", referrer: "no-referrer" };

export default async function Page({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  return <SetupPage token={typeof token === "string" ? token : ""} />;
}
