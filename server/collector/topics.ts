import type { BusPush } from "@/lib/wire/bus";
import { addressText, type Mark } from "@/lib/wire/socket";
import { addressProblem } from "@/lib/wire/topics/find";
import { type TopicId, topics } from "@/lib/wire/topics/registry";
import { BusProblem } from "../bus/problem";
import type { BusHandlers } from "../bus/server";
import type { Happenings, TopicDeps, TopicSource } from "./topics/define";
import { sources } from "./topics/registry";

const all = Object.entries(sources) as [TopicId, TopicSource][];

/**
 * Turns what happens in the collector into the streams that browsers watch, and numbers those that have no numbers of
 * their own.
 */
export class Topics {
  private readonly seqs = new Map<string, number>();

  constructor(
    private readonly deps: TopicDeps,
    private readonly epoch: string,
    private readonly push: (push: BusPush) => void,
  ) {}

  happened<H extends keyof Happenings>(what: H, happening: Happenings[H]): void {
    for (const [topic, source] of all) {
      const published = source.on[what]?.(happening, this.deps);
      if (!published) continue;
      const { key, delta } = published;
      const address = { topic, ...(key === undefined ? {} : { key }) };
      this.push({ push: "change", ...address, ...(published.mark ?? this.next(addressText(address))), delta });
    }
  }

  readonly handlers: BusHandlers = {
    "topic.watch": async ({ topic, key, bare }) => {
      const wrong = addressProblem({ topic, ...(key === undefined ? {} : { key }) });
      if (wrong !== undefined) throw new BusProblem("not-found", wrong);
      // addressProblem has found it; a topic that is one for all asks for no key.
      const source: TopicSource = sources[topic as TopicId];
      const { snapshot, mark } = source.state(this.deps, key ?? "");
      return {
        ...(mark ?? { epoch: this.epoch, seq: this.seqs.get(topic) ?? 0 }),
        ...(bare ? {} : { snapshot: topics[topic as TopicId].snapshot.parse(snapshot) }),
      };
    },
  };

  private next(stream: string): Mark {
    const seq = (this.seqs.get(stream) ?? 0) + 1;
    this.seqs.set(stream, seq);
    return { epoch: this.epoch, seq };
  }
}
