import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { Check } from "@/lib/checks/define";
import { checks as registered } from "@/lib/checks/registry";
import type { Capture } from "@/server/collector/capture/format";
import { makeEngine } from "@/server/collector/engine";
import { playCapture } from "./capture";
import { type Explanation, explain } from "./explain";
import { run } from "./program";
import { colours } from "./terminal";

const checks: readonly Check[] = registered;
const recorded = fileURLToPath(new URL("../../lib/probes/recorded", import.meta.url));
const at = Date.UTC(2026, 0, 2);

/** A capture of what the lab's real hypervisor printed; `edit` changes what one probe printed. */
function captureOf(base: string, edit: Readonly<Record<string, (text: string) => string>> = {}): Capture {
  const probes = readdirSync(join(recorded, base)).map((file) => {
    const id = file.replace(/\.txt$/, "");
    const text = readFileSync(join(recorded, base, file), "utf8");
    return { id, outcome: "ok" as const, ms: 1, bytes: text.length, exit: 0, at, text: edit[id]?.(text) ?? text };
  });
  return {
    format: "taproot-capture",
    version: 1,
    takenAt: new Date(at).toISOString(),
    host: { id: "kvm-01", name: "kvm-01", address: "h", hostname: "kvm-01", root: "direct" },
    scrubbed: [],
    sweeps: [probes],
  };
}

/** These NICs of ip-link's output without a cable, as the kernel shows it. */
const unplugged = (text: string, ...nics: readonly string[]) =>
  JSON.stringify(
    (JSON.parse(text) as { ifname: string; flags: string[] }[]).map((link) =>
      nics.includes(link.ifname)
        ? { ...link, operstate: "DOWN", flags: ["NO-CARRIER", ...link.flags.filter((flag) => flag !== "LOWER_UP")] }
        : link,
    ),
  );

const dir = mkdtempSync(join(tmpdir(), "taproot-explain-"));
afterAll(() => rmSync(dir, { recursive: true }));
const file = (name: string, capture: Capture): string => {
  writeFileSync(join(dir, name), JSON.stringify(capture));
  return join(dir, name);
};
const broken = file("broken.json", captureOf("lab-bond", { "ip-link": (text) => unplugged(text, "nic0") }));

async function taproot(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await run(["explain", ...argv], {
    terminal: {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      colour: colours(false),
      errIsTty: false,
    },
    connect: () => Promise.reject(new Error("a capture is explained without a connection")),
    makeEngine,
    signal: new AbortController().signal,
    version: "0",
  });
  return { code, out, err };
}

describe("taproot explain", () => {
  it.each(["lab-bond", "lab-ovs", "lab-macvtap"])("says of each subject of %s what the engine says", (base) => {
    const { engine } = playCapture(captureOf(base), makeEngine);
    const { findings, passed } = engine.snapshot();
    const said = new Map(findings.map((finding) => [finding.key, finding.status as Explanation["verdict"]]));
    for (const { subject, checks: passing } of passed)
      for (const check of passing) said.set(`${check}@${subject}`, "pass");
    const items = [...engine.graph.nodes.values(), ...engine.graph.edges.values()];
    const explained = checks.flatMap((check) =>
      items
        .filter((item) => check.subjects.includes("from" in item ? `edge:${item.kind}` : item.kind))
        .map((item) => [`${check.id}@${item.id}`, explain(engine, check, item.id, {})] as const),
    );
    expect(explained.length).toBeGreaterThan(200);
    expect(explained.filter(([, one]) => one.defect !== undefined)).toEqual([]);
    const other = explained.filter(([key, { verdict }]) => verdict !== (said.get(key) ?? "not-applicable"));
    expect(other.map(([key, { verdict }]) => `${key}: ${verdict}, and the engine says ${said.get(key)}`)).toEqual([]);
    // A verdict that rests upon nothing that was read would be no verdict.
    const bare = explained.filter(
      ([, { verdict, facts, graph }]) => /pass|fail|warn/.test(verdict) && facts.length + graph.length === 0,
    );
    expect(bare.map(([key]) => key)).toEqual([]);
  });

  it("shows the verdict with its evidence, and the values that it was read from", async () => {
    const { code, out, err } = await taproot(broken, "nic-no-carrier", "nic/nic0");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^verdict +fail$/m);
    expect(out).toMatch(/^seen by +ip /m);
    expect(out).toMatch(/^ {2}ip-link: ok, read 2026-01-02T00:00:00.000Z$/m);
    expect(out).toMatch(/^ {2}nic\/nic0\.attributes\.carrier = false$/m);
    const chinese = await taproot(broken, "nic-no-carrier", "nic/nic0", "--lang", "zh");
    expect(chinese.out).toMatch(/^message +.*[\u4e00-\u9fff]/m);
  });

  it("prints all of it as JSON", async () => {
    const { out } = await taproot(broken, "nic-no-carrier", "kvm-01/nic/nic0", "--json");
    const said = JSON.parse(out) as Explanation;
    expect(said).toMatchObject({ version: 1, check: "nic-no-carrier", subject: "kvm-01/nic/nic0", verdict: "fail" });
    expect(said.graph).toContainEqual({ path: "nic/nic0.attributes.carrier", value: false });
  });

  it("tells what explains a finding, what it explains and whom it cuts off, as the engine does", () => {
    const { engine } = playCapture(
      captureOf("lab-bond", { "ip-link": (text) => unplugged(text, "nic0", "nic1") }),
      makeEngine,
    );
    const { findings } = engine.snapshot();
    const explained = findings.map((finding) => {
      const check = checks.find((one) => one.id === finding.check);
      return check && explain(engine, check, finding.subject, {});
    });
    expect(explained.map((one) => one?.cause)).toEqual(findings.map((finding) => finding.cause));
    expect(explained.map((one) => one?.impacts)).toEqual(findings.map((finding) => finding.impacts));
    expect(explained.some((one) => (one?.impacts.length ?? 0) > 0)).toBe(true);
    expect(explained.flatMap((one) => one?.explains ?? []).sort()).toEqual(
      findings.flatMap(({ key, cause }) => (cause === undefined ? [] : [key])).sort(),
    );
  });

  it("says on the host which fact is missing that would show the subjects", async () => {
    const capture = captureOf("lab-bond");
    const blind = capture.sweeps.map((probes) =>
      probes.map((probe) => (probe.id === "ip-link" ? { ...probe, outcome: "timeout" as const, text: "" } : probe)),
    );
    const { out } = await taproot(file("blind.json", { ...capture, sweeps: blind }), "nic-no-carrier", "host/self");
    expect(out).toMatch(/^verdict +unknown$/m);
    expect(out).toMatch(/^ {2}ip-link: timeout/m);
  });

  it("refuses what it cannot use, by name", async () => {
    const cases: [string[], string][] = [
      [[broken, "no-such-check", "nic/nic0"], "no-such-check: no such check"],
      [[broken, "nic-no-carrier", "nic/nic9"], "nic/nic9: no such node or edge"],
      [
        [broken, "nic-no-carrier", "bridge/br0"],
        "does not judge a bridge; it judges: kvm-01/nic/mgmt0, kvm-01/nic/nic0",
      ],
      [[join(dir, "nowhere.json"), "nic-no-carrier", "nic/nic0"], "nowhere.json"],
      [[broken, "nic-flapping", "nic/nic0", "--setting", "nic-flapping.losses=-1"], "--setting nic-flapping.losses=-1"],
    ];
    for (const [argv, says] of cases) {
      const { code, out, err } = await taproot(...argv);
      expect([code, out, err]).toEqual([2, "", expect.stringContaining(says)]);
    }
  });
});
