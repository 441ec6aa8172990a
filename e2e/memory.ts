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

/** Runs something, and gives the most that was held while it ran beyond what was held before: what is buffered and let go again counts. Bytes. */
export async function peakWhile<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly peak: number }> {
  const before = await heldBytes();
  let peak = 0;
  let over = false;
  const value = run().finally(() => {
    over = true;
  });
  while (!over) {
    peak = Math.max(peak, (await heldBytes()) - before);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { value: await value, peak: Math.max(peak, (await heldBytes()) - before) };
}
