import { z } from "zod";
import { isAsked, type Probe } from "@/lib/probes/define";
import { type ProbeId, probes } from "@/lib/probes/registry";
import { BusProblem } from "../../../bus/problem";
import { defineJob } from "../define";

/** So many probes are read before it is told how far it is, and looked whether it is still wanted. */
const atOnce = 6;

/** Reads all that a host is asked for now, and not when its turn comes: what is shown is then at most as old as this took. */
export const job = defineJob({
  id: "reread",
  title: { en: "Read again now", zh: "立即重新读取" },
  params: z.object({ host: z.string().max(200) }),
  mostPerHost: 1,
  hosts: ({ host }) => [host],
  async run({ host }, { fleet, signal, tell }) {
    const ids = Object.values<Probe>(probes)
      .filter(isAsked)
      .map(({ id }) => id as ProbeId);
    const total = ids.length;
    for (let done = 0; done < total && !signal.aborted; done += atOnce) {
      tell("reading", { en: `${done} of ${total} read`, zh: `已读取 ${done}/${total}` }, { done, total });
      const actor = fleet.host(host);
      if (!actor) throw new BusProblem("not-found", `there is no host ${host}`);
      await actor.readNow(ids.slice(done, done + atOnce));
    }
    return {
      phase: "done",
      words: { en: `All ${total} read`, zh: `${total} 项全部已读取` },
      body: { done: total, total },
    };
  },
});
