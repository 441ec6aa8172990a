import { describe, expect, it } from "vitest";
import { type Found, problemsOf } from "./derive";
import { flapMs, Occurrences } from "./occurrences";

const finding = (key: string, over: Partial<Found> = {}): Found => ({
  key,
  check: key.split("@")[0] ?? key,
  subject: key.split("@")[1] ?? key,
  status: "fail",
  message: key,
  params: { nic: "eth0" },
  since: 1,
  impacts: [],
  ...over,
});

describe("problemsOf", () => {
  it("hangs effects under their head, at any depth, widest first", () => {
    const a = finding("a@h/nic/1", { impacts: ["v1", "v2"] });
    const b = finding("b@h/bond/1", { cause: a.key, status: "warn" });
    const c = finding("c@h/bridge/1", { cause: b.key });
    const d = finding("d@h/nic/2", { impacts: ["v1", "v2", "v3"] });
    const problems = problemsOf([c, b, a, d]);
    expect(problems.map(({ key }) => key)).toEqual([d.key, a.key]);
    expect(problems[1]).toEqual({
      key: a.key,
      check: "a",
      subject: "h/nic/1",
      status: "fail",
      message: a.key,
      params: { nic: "eth0" },
      tail: [
        { key: c.key, cause: b.key },
        { key: b.key, cause: a.key },
      ],
      impacts: ["v1", "v2"],
      since: 1,
      last: 1,
      flaps: 0,
    });
  });

  it("hides nothing when causes are missing or run in a ring", () => {
    const a = finding("a@1", { cause: "b@1" });
    const b = finding("b@1", { cause: "a@1" });
    const c = finding("c@1", { cause: "gone@1" });
    const d = finding("d@1", { cause: "a@1" });
    const shown = problemsOf([a, b, c, d]).flatMap((one) => [one.key, ...one.tail.map(({ key }) => key)]);
    expect(shown.sort()).toEqual(["a@1", "b@1", "c@1", "d@1"]);
  });

  it("what could not be judged is no problem, and no cause of one", () => {
    const a = finding("a@1", { status: "unknown" });
    const b = finding("b@1", { cause: "a@1" });
    expect(problemsOf([a, b]).map(({ key, tail }) => [key, tail])).toEqual([["b@1", []]]);
  });
});

describe("a problem that comes and goes", () => {
  it("soon is the same, with the number of its returns; later it is another", () => {
    const book = new Occurrences(undefined);
    expect(book.there("a@1", 1000)).toEqual({ since: 1000, last: 1000, flaps: 0 });
    book.gone("a@1", 2000);
    expect(book.there("a@1", 3000)).toEqual({ since: 1000, last: 3000, flaps: 1 });
    // Seen again while it is there: nothing new.
    expect(book.there("a@1", 3000)).toEqual({ since: 1000, last: 3000, flaps: 1 });
    book.gone("a@1", 4000);
    expect(book.there("a@1", 4000 + flapMs)).toMatchObject({ since: 1000, flaps: 2 });
    book.gone("a@1", 9_000_000);
    const late = 9_000_001 + flapMs;
    expect(book.there("a@1", late)).toEqual({ since: late, last: late, flaps: 0 });
  });

  it("keeps its time over a restart, and does not grow without end", () => {
    const book = new Occurrences(undefined);
    book.there("a@1", 1000);
    book.there("b@1", 1000);
    book.gone("a@1", 2000);
    const next = new Occurrences(JSON.parse(JSON.stringify(book.dump())));
    expect([...next.open()]).toEqual(["b@1"]);
    next.prune(2001 + flapMs);
    expect(next.dump()).toEqual([["b@1", 1000, 1000, 0]]);
    expect(next.there("b@1", 5000)).toEqual({ since: 1000, last: 1000, flaps: 0 });
    next.forget("b@1");
    expect(next.there("b@1", 5000)).toEqual({ since: 5000, last: 5000, flaps: 0 });
  });

  it("takes no memory that is none", () => {
    for (const memory of [undefined, null, 7, {}, ["x"], [["a"]], [["a", "1", 2, 3]], [["a", 1, 2]]])
      expect(new Occurrences(memory as never).dump()).toEqual([]);
  });
});
