import { describe, expect, it } from "vitest";
import type { Finding } from "@/lib/checks/finding";
import type { PastProblem } from "@/lib/problems/past";
import type { Problem } from "@/lib/problems/problem";
import type { HostDelta, HostSnapshot } from "@/lib/wire/model";
import type { ProblemRepository } from "@/server/store/repositories/problems";
import { HistoryRecorder } from "./history";

const key = "nic-no-carrier@h/nic/a";
const problem = (over: Partial<Problem> = {}): Problem => ({
  key,
  check: "nic-no-carrier",
  subject: "h/nic/a",
  status: "fail",
  message: "a has no carrier",
  params: { nic: "a" },
  tail: [],
  impacts: [],
  since: 1,
  last: 1,
  flaps: 0,
  ...over,
});
const finding = (status: Finding["status"], cause?: string) =>
  ({ key, check: "nic-no-carrier", status, ...(cause ? { cause } : {}) }) as unknown as Finding;
const delta = (at: number, parts: Partial<HostDelta>): HostDelta => ({ host: "h", epoch: "e", seq: at, at, ...parts });
const came = (at: number, one = problem()) => delta(at, { problems: { put: [one], drop: [] } });
const went = (at: number, findings: HostDelta["findings"] = { put: [], drop: [key] }) =>
  delta(at, { problems: { put: [], drop: [key] }, ...(findings ? { findings } : {}) });
const picture = (over: Partial<HostSnapshot> = {}) =>
  ({ at: 9, findings: [], problems: [], ...over }) as unknown as HostSnapshot;

/** What is written, in its order; `fail`: the next write does not work. */
function world(open: readonly string[] = []) {
  const told: unknown[] = [];
  const state = { fail: false };
  const write = async (...what: unknown[]) => {
    if (state.fail) throw new Error("disk full");
    told.push(what);
  };
  const repository: Pick<ProblemRepository, "put" | "close" | "openOf"> = {
    put: (_host, { key: of, flaps, impacts }) => write("put", of, flaps, impacts.length),
    close: (_host, of, at) => write("close", of, at),
    openOf: async () => open.map((of) => ({ key: of }) as PastProblem),
  };
  const recorder = new HistoryRecorder("h", repository);
  return { recorder, told, state };
}

describe("the history of a host's problems", () => {
  it("tells what becomes of an open problem, and one write for all that happened since the last", async () => {
    const { recorder, told } = world();
    recorder.take(came(1));
    await recorder.flush(picture(), false);
    recorder.take(came(2, problem({ impacts: ["h/vm/1"] })));
    recorder.take(went(3));
    recorder.take(came(4, problem({ impacts: ["h/vm/1", "h/vm/2"], last: 4, flaps: 1 })));
    await recorder.flush(picture(), false);
    recorder.take(went(5));
    await recorder.flush(picture(), false);
    await recorder.flush(picture(), false);
    expect(told).toEqual([
      ["put", key, 0, 0],
      ["put", key, 1, 2],
      ["close", key, 5],
    ]);
  });

  it("keeps one that came and went between two writes", async () => {
    const { recorder, told } = world();
    recorder.take(came(1));
    recorder.take(went(2));
    await recorder.flush(picture(), false);
    expect(told).toEqual([
      ["put", key, 0, 0],
      ["close", key, 2],
    ]);
  });

  it("what cannot be judged stays open until it is judged, or explained by another", async () => {
    for (const end of [
      delta(4, { findings: { put: [], drop: [key] } }),
      delta(4, { findings: { put: [finding("fail", "bond-down@h/bond/b")], drop: [] } }),
    ]) {
      const { recorder, told } = world();
      recorder.take(came(1));
      recorder.take(went(2, { put: [finding("unknown")], drop: [] }));
      recorder.take(delta(3, {}));
      await recorder.flush(picture(), false);
      expect(told).toEqual([["put", key, 0, 0]]);
      recorder.take(end);
      await recorder.flush(picture(), false);
      expect(told.slice(1)).toEqual([["close", key, 4]]);
    }
  });

  it("after a restart closes what ended meanwhile, once all was read, and nothing that is merely not known", async () => {
    const { recorder, told } = world([key, "x@h/nic/b", "y@h/nic/c"]);
    const now = picture({
      problems: [problem()],
      findings: [{ ...finding("unknown"), key: "y@h/nic/c" }],
    });
    await recorder.flush(now, false);
    expect(told).toEqual([]);
    await recorder.flush(now, true);
    await recorder.flush(now, true);
    expect(told).toEqual([["close", "x@h/nic/b", 9]]);
    recorder.take(went(10));
    await recorder.flush(now, true);
    expect(told.at(-1)).toEqual(["close", key, 10]);
  });

  it("tries again what could not be written", async () => {
    const { recorder, told, state } = world();
    recorder.take(came(1));
    state.fail = true;
    await expect(recorder.flush(picture(), false)).rejects.toThrow("disk full");
    state.fail = false;
    await recorder.flush(picture(), false);
    expect(told).toEqual([["put", key, 0, 0]]);
  });
});
