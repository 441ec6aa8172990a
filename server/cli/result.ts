import type { Finding } from "@/lib/checks/finding";
import { nodeKinds } from "@/lib/graph/model";
import type { HostSnapshot } from "@/lib/wire/model";
import { ScanResult } from "@/lib/wire/scan";
import { inLanguage } from "@/lib/wording";

/** Exit status of `taproot scan`: 0 nothing fails, 1 something fails, 2 could not look at every host. Warnings and unknowns do not count. */
export function exitOf(result: ScanResult): 0 | 1 | 2 {
  if (result.hosts.some(({ state }) => state === "unreachable" || state === "refused" || state === "failed")) return 2;
  return result.findings.some((finding) => finding.status === "fail") ? 1 : 0;
}

const severity = { fail: 0, warn: 1, unknown: 2 } as const;

/** Findings as they are read best: what fails first, heads of problems before what hangs on them, wide impact before narrow. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      severity[a.status] - severity[b.status] ||
      Number(a.cause !== undefined) - Number(b.cause !== undefined) ||
      b.impacts.length - a.impacts.length ||
      (a.key < b.key ? -1 : Number(a.key > b.key)),
  );
}

/** Snapshots of all hosts as one document of version 1. `only`: ids of the checks whose findings are kept. Throws where it does not fit its own schema. */
export function scanResult(snapshots: readonly HostSnapshot[], takenAt: Date, only?: ReadonlySet<string>): ScanResult {
  const lanes = new Map(nodeKinds.map((kind, at) => [kind as string, at]));
  const findings = snapshots.flatMap((snapshot) =>
    inOrder(snapshot.findings.filter((finding) => only === undefined || only.has(finding.check))),
  );
  return ScanResult.parse({
    version: 1,
    takenAt: takenAt.toISOString(),
    hosts: snapshots.map(({ host, probes }) => ({
      id: host.id,
      name: host.name,
      address: host.address,
      state: host.state,
      reason: host.reason,
      probes: probes.map(({ id, outcome, ms, bytes }) => ({ id, outcome, ms: Math.round(ms * 10) / 10, bytes })),
    })),
    nodes: snapshots.flatMap(({ nodes }) =>
      [...nodes]
        .sort((a, b) => (lanes.get(a.kind) ?? 0) - (lanes.get(b.kind) ?? 0) || (a.id < b.id ? -1 : 1))
        .map(({ id, host, kind, name, status, attributes }) => ({ id, host, kind, name, status, attributes })),
    ),
    edges: snapshots.flatMap(({ edges }) =>
      [...edges]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, host, kind, from, to, status, present }) => ({ id, host, kind, from, to, status, present })),
    ),
    findings: findings.map(
      ({ check, layer, status, host, subject, message, evidence, cause, impacts, remedies, because, thresholds }) => ({
        check,
        layer,
        status,
        host,
        subject,
        message: status === "unknown" && because !== undefined ? `${message} (${inLanguage(because, "en")})` : message,
        evidence,
        cause,
        impacts,
        remedy: remedies?.[0],
        remedies,
        thresholds,
      }),
    ),
  });
}
