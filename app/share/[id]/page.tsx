import type { Metadata } from "next";
import { IncidentPage } from "@/components/share/incident-page";

/** The link itself is the key to a public incident: no other site may learn it from a Referer. */
export const metadata: Metadata = { title: "Incident", referrer: "no-referrer" };

export default async function Page({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <IncidentPage id={id} />;
}
