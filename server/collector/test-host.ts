import type { HostSpec, TestResult } from "@/lib/wire/rest";
import type { MakeEngine } from "./engine/api";
import { scanHost } from "./scan";
import type { Connect, KeyBook } from "./ssh/api";

const timeoutMs = 90_000;

/** Looks at a host once, with what a person typed, and keeps nothing of it: a key to judge, what was found, or why not. Never rejects for what the host does. */
export async function testHost(
  spec: HostSpec,
  deps: { readonly connect: Connect; readonly makeEngine: MakeEngine; readonly keys: KeyBook },
): Promise<TestResult> {
  const scan = await scanHost(spec, { ...deps, sweeps: 1, timeoutMs });
  if (scan.failure?.question) return { kind: "key", question: scan.failure.question };
  if (scan.failure) return { kind: "failed", reason: scan.failure.message };
  const counts: Record<string, number> = {};
  for (const node of scan.snapshot.nodes) counts[node.kind] = (counts[node.kind] ?? 0) + 1;
  const runs = scan.sweeps[0] ?? [];
  const identity = runs.find((run) => run.id === "identity")?.value as { os?: string } | undefined;
  return {
    kind: "found",
    hostname: scan.hostname ?? spec.address,
    os: identity?.os ?? "",
    root: scan.root !== "none",
    counts,
    unread: runs
      .filter((run) => run.outcome !== "ok" && run.outcome !== "absent")
      .map((run) => ({ probe: run.id, why: run.detail ? `${run.outcome}: ${run.detail}` : run.outcome })),
  };
}
