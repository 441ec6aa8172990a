import { checks } from "@/lib/checks/registry";
import type { ProbeId } from "@/lib/probes/registry";

/** The probes that a finding rests upon: read again before a plan is made of it and until it is gone. Links always count, since remedies change them. */
export function restsOn(finding: string): readonly ProbeId[] {
  const check = checks.find((one) => finding.startsWith(`${one.id}@`));
  return [...new Set<ProbeId>([...(check?.needs ?? []), "ip-link"])];
}
