import { describe, expect, it } from "vitest";
import { HostBudget, SumBudget } from "./budget";

const limits = { host: 1_000, sweep: 600, own: 100 };

describe("what hosts may say", () => {
  it("is bounded for one sweep, whatever becomes of it, and anew for the next", () => {
    const host = new HostBudget(new SumBudget(10_000), limits);
    const sweep = host.sweep();
    expect(sweep.take(500)).toBeUndefined();
    sweep.settle("nft", 500, undefined);
    expect(host.held).toBe(0);
    expect(sweep.take(101)).toMatch(/more than 600 bytes in one sweep/);
    expect(host.sweep().take(101)).toBeUndefined();
  });

  it("is bounded for what is kept, by host: the next reading of the same thing takes the place of the last", () => {
    const host = new HostBudget(new SumBudget(10_000), limits);
    for (let round = 0; round < 5; round++) {
      const sweep = host.sweep();
      expect(sweep.take(450)).toBeUndefined();
      sweep.settle("nft", 450, 450);
      expect(host.held).toBe(450);
    }
    const sweep = host.sweep();
    expect(sweep.take(400)).toBeUndefined();
    sweep.settle("iptables", 400, 400);
    expect(host.sweep().take(200)).toMatch(/more than 1000 bytes here/);
  });

  it("is bounded in sum, and leaves every host its own share whatever the others take", () => {
    const sum = new SumBudget(800);
    const greedy = new HostBudget(sum, limits);
    const second = new HostBudget(sum, limits);
    const modest = new HostBudget(sum, limits);
    const one = greedy.sweep();
    expect(one.take(600)).toBeUndefined();
    one.settle("a", 600, 600);
    const two = second.sweep();
    expect(two.take(400)).toBeUndefined();
    two.settle("a", 400, 400);
    // 500 and 300 are drawn: nothing is left.
    expect(greedy.sweep().take(50)).toMatch(/all hosts together/);
    const own = modest.sweep();
    expect(own.take(100)).toBeUndefined();
    expect(own.take(1)).toMatch(/all hosts together/);
    greedy.close();
    expect(greedy.held).toBe(0);
    expect(own.take(400)).toBeUndefined();
  });
});
