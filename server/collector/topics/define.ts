import type { z } from "zod";
import type { HostDelta } from "@/lib/wire/model";
import type { Mark } from "@/lib/wire/socket";
import type { FleetChange } from "@/lib/wire/topics/fleet";
import type { TopicId, Topics } from "@/lib/wire/topics/registry";
import type { Fleet } from "../fleet/fleet";
import type { Jobs } from "../jobs";

export type DeltaOf<T extends TopicId> = z.output<Topics[T]["delta"]>;
export type SnapshotOf<T extends TopicId> = z.output<Topics[T]["snapshot"]>;

/** What a topic may look at. */
export interface TopicDeps {
  readonly fleet: Pick<Fleet, "host" | "hosts" | "cards" | "segments">;
  readonly jobs: Pick<Jobs, "list">;
}

/** What happens in the collector; a source says what it makes of it. */
export interface Happenings {
  readonly delta: HostDelta;
  readonly fleet: FleetChange;
  readonly jobs: DeltaOf<"job">;
  readonly segments: DeltaOf<"segments">;
  /** The engine of this host had to be made anew: nothing that it has said counts any more. */
  readonly renewed: string;
}

/** A state with its number, or without, where the stream is numbered as it is published. */
export interface State<T extends TopicId> {
  readonly snapshot: SnapshotOf<T>;
  readonly mark?: Mark;
}

/** One message of a stream. `key`: the host, where there is one stream of each. */
export interface Published<T extends TopicId> {
  readonly key?: string;
  readonly delta: DeltaOf<T>;
  /** Where what happened has a number of its own. */
  readonly mark?: Mark;
}

/**
 * Makes what the topic of its name sends (lib/wire/topics). Each file in this folder exports exactly one, as `source`.
 */
export interface TopicSource<T extends TopicId = TopicId> {
  /** @throws BusProblem not-found. */
  state(deps: TopicDeps, key: string): State<T>;
  /** What of each kind of happening this topic publishes; nothing for those that are not named. */
  readonly on: {
    readonly [H in keyof Happenings]?: (happening: Happenings[H], deps: TopicDeps) => Published<T> | undefined;
  };
}

/** Declares the source of a topic. */
export const defineSource = <T extends TopicId>(source: TopicSource<T>): TopicSource<T> => source;
