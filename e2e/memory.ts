import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/**
 * Bytes that this process still holds once garbage is gone: heap, buffers and what native code keeps for them. Resident memory would count what the
 * allocator has not given back yet, which differs from machine to machine and says nothing of a leak.
 */
export async function heldBytes(): Promise<number> {
  // Buffers are let go by finalizers, which run in a turn after the collection.
  for (let round = 0; round < 2; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
