import type { Metadata } from "next";
import { AddPage } from "@/components/hosts/add-page";

export const metadata: Metadata = { title: "Add a host" };

export default function Page() {
  return <AddPage />;
}
