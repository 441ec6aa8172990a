import { describe, expect, it } from "vitest";
import type { Problem } from "@/lib/problems/problem";
import type { BusPush } from "@/lib/wire/bus";
import { RemedyBody, type RemedyProgress } from "@/lib/wire/jobs/remedy";
import { topic as jobTopic } from "@/lib/wire/topics/job";
import { type FleetProblem, topic as problemsTopic } from "@/lib/wire/topics/problems";
import type { Fleet } from "./fleet/fleet";
import { Jobs } from "./jobs";
import { Topics } from "./topics";

type Change = Extract<BusPush, { push: "change" }>;

const problem = (host: string): Problem => ({
  key: `nic-no-carrier@${host}/nic/a`,
  check: "nic-no-carrier",
  subject: `${host}/nic/a`,
  status: "fail",
  message: "a has no carrier",
  params: { nic: "a" },
  tail: [],
  impacts: [],
  since: 1,
  last: 1,
  flaps: 0,
});

function world(problems: Record<string, Problem[]> = {}) {
  const pushed: Change[] = [];
  const hosts = Object.entries(problems).map(([id, all]) => ({ info: { id }, engine: { problems: all } }));
  const fleet = { hosts: () => hosts, host: () => undefined, cards: () => [] } as unknown as Fleet;
  const jobs = new Jobs((change) => topics.happened("jobs", change));
  const topics = new Topics({ fleet, jobs }, "e", (push) => push.push === "change" && pushed.push(push));
  const state = (topic: string) => {
    const handler = topics.handlers["topic.watch"];
    if (!handler) throw new Error("no handler");
    return handler({ topic, bare: false }, { role: "viewer" } as never);
  };
  return { topics, jobs, pushed, state };
}

describe("the problems of all hosts", () => {
  const put = (host: string) => ({
    host,
    epoch: "x",
    seq: 1,
    at: 1,
    problems: { put: [problem(host)], drop: [] },
  });

  it("are a state that its changes add up to, numbered from where it was asked for", async () => {
    const { topics, pushed, state } = world({ a: [problem("a")], b: [problem("b")] });
    topics.happened("delta", put("a"));
    const { seq, epoch, snapshot } = await state("problems");
    expect([epoch, seq]).toEqual(["e", 1]);
    let view = problemsTopic.open(problemsTopic.snapshot.parse(snapshot));
    expect([...view.values()].map(({ host }) => host)).toEqual(["a", "b"]);
    topics.happened("delta", put("c"));
    topics.happened("delta", { host: "c", epoch: "x", seq: 2, at: 2 });
    topics.happened("fleet", { put: [], drop: ["a"] });
    topics.happened("fleet", { put: [], drop: [] });
    topics.happened("renewed", "b");
    const after = pushed.filter((change) => change.topic === "problems" && change.seq > seq);
    expect(after.map((change) => change.seq)).toEqual([2, 3, 4]);
    for (const { delta } of after) view = problemsTopic.apply(view, problemsTopic.delta.parse(delta));
    expect([...view.values()]).toEqual([{ ...problem("c"), host: "c" } satisfies FleetProblem]);
  });
});

describe("jobs", () => {
  const step = (phase: RemedyProgress["phase"], at: number): RemedyProgress => ({
    run: "r1",
    host: "a",
    phase,
    says: { id: "it-is", params: { phase } },
    at,
  });

  it("a remedy is one from its first step, with all steps for who comes late, and goes a while after its end", async () => {
    const { jobs, pushed, state } = world();
    jobs.remedy(step("probing", 1));
    jobs.remedy(step("applying", 2));
    jobs.remedy(step("kept", 3));
    const { snapshot } = await state("job");
    let view = jobTopic.open(jobTopic.snapshot.parse(snapshot));
    expect(view.get("r1")).toMatchObject({ kind: "remedy", hosts: ["a"], phase: "kept", startedAt: 1, ended: true });
    expect(RemedyBody.parse(view.get("r1")?.body).steps.map(({ phase }) => phase)).toEqual([
      "probing",
      "applying",
      "kept",
    ]);
    expect(pushed.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    jobs.remedy({ ...step("probing", 11 * 60_000), run: "r2" });
    for (const { delta } of pushed.slice(3)) view = jobTopic.apply(view, jobTopic.delta.parse(delta));
    expect([...view.keys()]).toEqual(["r2"]);
  });

  it("never lose one that goes on, however many there are", () => {
    const { jobs } = world();
    for (let at = 0; at < 300; at++) jobs.remedy({ ...step(at === 0 ? "probing" : "kept", at), run: `r${at}` });
    expect(jobs.list().length).toBeLessThanOrEqual(201);
    expect(jobs.list().map(({ id }) => id)).toContain("r0");
    expect(jobs.list().map(({ id }) => id)).toContain("r299");
  });
});
