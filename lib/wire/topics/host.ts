import { applyDelta } from "../../diff/snapshot";
import { HostDelta, HostSnapshot } from "../model";
import { defineTopic } from "./define";

/** Everything about one host. */
export const topic = defineTopic({
  id: "host",
  of: "host",
  snapshot: HostSnapshot,
  delta: HostDelta,
  open: (snapshot): HostSnapshot => snapshot,
  apply: (before, delta) => applyDelta(before, delta),
});
