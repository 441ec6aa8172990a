import { BusPush } from "@/lib/wire/bus";
import { addressText } from "@/lib/wire/socket";
import { topicOf } from "@/lib/wire/topics/find";
import { issueOf } from "./issue";

/** The stream that a push belongs to; undefined for one that goes to every web process. */
export const streamOf = (push: BusPush): string | undefined => (push.push === "change" ? addressText(push) : undefined);

/** A push as a line of the bus, what its schemas do not name left out; or why it is none: a defect of ours. */
export function lineOf(push: BusPush): { readonly line: string } | { readonly bad: string } {
  const what = push.push === "change" ? `change of ${addressText(push)}` : `push of kind ${push.push}`;
  const envelope = BusPush.safeParse(push);
  if (!envelope.success) return { bad: `${what}: ${issueOf(envelope.error)}` };
  if (envelope.data.push !== "change") return { line: `${JSON.stringify(envelope.data)}\n` };
  const delta = topicOf(envelope.data.topic)?.delta.safeParse(envelope.data.delta);
  if (!delta) return { bad: `${what}: there is no such topic` };
  if (!delta.success) return { bad: `${what}: ${issueOf(delta.error)}` };
  return { line: `${JSON.stringify({ ...envelope.data, delta: delta.data })}\n` };
}
