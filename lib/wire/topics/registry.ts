// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { topic as fleetTopic } from "./fleet";
import { topic as hostTopic } from "./host";
import { topic as jobTopic } from "./job";
import { topic as problemsTopic } from "./problems";
import { topic as segmentsTopic } from "./segments";

export const topics = {
  "fleet": fleetTopic,
  "host": hostTopic,
  "job": jobTopic,
  "problems": problemsTopic,
  "segments": segmentsTopic,
} as const;

export type Topics = typeof topics;
export type TopicId = keyof Topics;
/** The state of a topic, as a page keeps it. */
export type ViewOf<T extends TopicId> = ReturnType<Topics[T]["open"]>;
