import type { Metadata } from "next";
import { LoginPage } from "@/components/account/login-page";

export const metadata: Metadata = { title: "Log in" };

export default async function Page({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly next?: string | string[] }>;
}) {
  const { next } = await searchParams;
  return <LoginPage next={typeof next === "string" ? next : undefined} />;
}
