import type { Address } from "../socket";
import type { Topic } from "./define";
import { type TopicId, topics } from "./registry";

/** The topic of this name, as far as those who do not look inside need it; undefined where there is none. */
export const topicOf = (name: string): Topic | undefined =>
  Object.hasOwn(topics, name) ? (topics[name as TopicId] as Topic) : undefined;

/** What is wrong with an address: no such topic, or a key too many or too few. Undefined where nothing is. */
export function addressProblem({ topic: name, key }: Address): string | undefined {
  const topic = topicOf(name);
  if (!topic) return `There is no topic ${name}.`;
  if (topic.of === "host" && key === undefined) return `The topic ${name} needs the name of a host.`;
  if (topic.of === "all" && key !== undefined) return `The topic ${name} is one for all hosts: name none.`;
  return undefined;
}
