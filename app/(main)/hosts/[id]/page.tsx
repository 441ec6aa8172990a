import type { Metadata } from "next";
import { HostPage } from "@/components/hosts/host-page";
import { visible } from "@/lib/text/visible";
import { hostOfSegment } from "@/lib/wire/host-name";

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

/** Next hands segments over as they stand in the address. */
const idOf = async (params: Props["params"]): Promise<string> => {
  const { id } = await params;
  try {
    return hostOfSegment(decodeURIComponent(id));
  } catch {
    return hostOfSegment(id);
  }
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: visible(await idOf(params)) };
}

export default async function Page({ params }: Props) {
  return <HostPage id={await idOf(params)} />;
}
