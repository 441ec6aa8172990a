import { describe, expect, it } from "vitest";
import { HostBudget, SumBudget } from "./budget";

const limits = { host: 1_000, sweep: 600, own: 100 };

describe("what hosts may say", () => {
  it("is bounded for one sweep, whatever becomes of it, and anew for the next", () => {
    const host = new HostBudget(new SumBudget(10_000), limits);
    const sweep = host.sweep();
    expect(sweep.take("other", 500)).toBeUndefined();
    sweep.settle("nft", 500, undefined);
    expect(host.held).toBe(0);
    expect(sweep.take("other", 101)).toMatch(/more than 600 bytes in one sweep/);
    expect(host.sweep().take("other", 101)).toBeUndefined();
  });

  it("is bounded for what is kept, by host: the next reading of the same thing takes the place of the last", () => {
    const host = new HostBudget(new SumBudget(10_000), limits);
    for (let round = 0; round < 5; round++) {
      const sweep = host.sweep();
      expect(sweep.take("other", 450)).toBeUndefined();
      sweep.settle("nft", 450, 450);
      expect(host.held).toBe(450);
    }
    const sweep = host.sweep();
    expect(sweep.take("other", 400)).toBeUndefined();
    sweep.settle("iptables", 400, 400);
    expect(host.sweep().take("other", 200)).toMatch(/more than 1000 bytes here/);
  });

  it("does not count what is read anew twice, nor for ever what could not be read again", () => {
    const host = new HostBudget(new SumBudget(10_000), { host: 1_000, sweep: 2_000, own: 100 });
    for (let round = 0; round < 3; round++) {
      const sweep = host.sweep();
      expect(sweep.take("nft", 900), `round ${round}`).toBeUndefined();
      sweep.settle("nft", 900, 900);
    }
    const lost = host.sweep();
    expect(lost.take("nft", 300)).toBeUndefined();
    lost.settle("nft", 300, undefined, true);
    expect(host.held).toBe(900);
    const refused = host.sweep();
    refused.settle("nft", 0, undefined);
    expect(host.held).toBe(0);
    expect(host.sweep().take("other", 900)).toBeUndefined();
  });

  it("is bounded in sum, and leaves every host its own share whatever the others take", () => {
    const sum = new SumBudget(800);
    const greedy = new HostBudget(sum, limits);
    const second = new HostBudget(sum, limits);
    const modest = new HostBudget(sum, limits);
    const one = greedy.sweep();
    expect(one.take("other", 600)).toBeUndefined();
    one.settle("a", 600, 600);
    const two = second.sweep();
    expect(two.take("other", 400)).toBeUndefined();
    two.settle("a", 400, 400);
    // 500 and 300 are drawn: nothing is left.
    expect(greedy.sweep().take("other", 50)).toMatch(/all hosts together/);
    const own = modest.sweep();
    expect(own.take("other", 100)).toBeUndefined();
    expect(own.take("other", 1)).toMatch(/all hosts together/);
    greedy.close();
    expect(greedy.held).toBe(0);
    expect(own.take("other", 400)).toBeUndefined();
  });
});
