import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Job } from "@/lib/wire/topics/job";
import type { HostActor } from "../fleet/actor";
import { defineJob, type JobContext, type JobEnd } from "./define";
import { job as reread } from "./kinds/reread";
import { JobRunner } from "./runner";

const done: JobEnd = { phase: "done", words: { en: "Done", zh: "完成" }, body: {} };

function world(work: (context: JobContext) => Promise<JobEnd>) {
  const kind = defineJob({
    id: "made-up",
    title: { en: "Made up", zh: "虚构" },
    params: z.object({ host: z.string() }),
    mostPerHost: 1,
    hosts: ({ host }) => [host],
    run: (_params, context) => work(context),
  });
  const shown: Job[] = [];
  const read: string[][] = [];
  const readNow = async (ids: readonly string[]) => void read.push([...ids]);
  const runner = new JobRunner({
    kinds: { "made-up": kind, reread },
    fleet: { host: (id) => (id === "gone" ? undefined : ({ readNow } as unknown as HostActor)) },
    show: (job) => shown.push(job),
    log: () => undefined,
    now: () => 1_000,
  });
  const ended = async () => {
    while (!shown.some((job) => job.ended)) await new Promise((resolve) => setTimeout(resolve, 1));
    return shown.at(-1);
  };
  return { runner, shown, read, ended };
}

describe("a job", () => {
  it("is shown from its beginning to its end", async () => {
    const { runner, shown, ended } = world(async ({ tell }) => {
      tell("half", { en: "Half", zh: "一半" }, { done: 1 });
      return done;
    });
    const { id } = runner.start("made-up", { host: "a" });
    expect(await ended()).toMatchObject({ id, kind: "made-up", hosts: ["a"], phase: "done", ended: true });
    expect(shown.map(({ phase }) => phase)).toEqual(["begun", "half", "done"]);
    expect(() => runner.start("no-such", {})).toThrow(/no job/);
    expect(() => runner.start("made-up", { host: 1 })).toThrow(/made-up/);
    expect(() => runner.start("made-up", { host: "gone" })).toThrow(/no host gone/);
  });

  it("runs once on a host at once, is cancelled, and says nothing after that", async () => {
    const { runner, shown } = world(async ({ signal, tell }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      tell("late", { en: "Late", zh: "晚" }, {});
      return done;
    });
    const { id } = runner.start("made-up", { host: "a" });
    expect(() => runner.start("made-up", { host: "a" })).toThrow(/already/);
    runner.start("made-up", { host: "b" });
    await runner.cancel(id);
    expect(shown.filter((job) => job.id === id).map(({ phase }) => phase)).toEqual(["begun", "cancelled"]);
    await expect(runner.cancel(id)).rejects.toThrow(/does not run/);
    await runner.stop();
    expect(shown.filter((job) => job.ended)).toHaveLength(2);
    runner.start("made-up", { host: "a" });
    await runner.stop();
  });

  it("that fails says why", async () => {
    const { runner, ended } = world(() => Promise.reject(new Error("no light")));
    runner.start("made-up", { host: "a" });
    expect(await ended()).toMatchObject({ phase: "failed", words: { en: "Failed: no light" }, ended: true });
  });

  it("reads a host again as a whole, and tells how far it is", async () => {
    const { runner, read, shown, ended } = world(async () => done);
    runner.start("reread", { host: "a" });
    await ended();
    expect(new Set(read.flat()).size).toBe(read.flat().length);
    expect(read.flat()).toContain("libvirt-domains");
    expect(read.flat()).not.toContain("duplicate-owners");
    expect(shown.at(-1)).toMatchObject({
      phase: "done",
      body: { done: read.flat().length, total: read.flat().length },
    });
  });
});
