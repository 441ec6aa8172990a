import { z } from "zod";
import { tokenFromFile } from "./bus/token";

/** What the supervisor gives a child on its channel, never in its environment: that can be read in /proc as long as the process lives. */
const Handover = z.object({
  handover: z.object({
    /** Token of the bus (bus/token.ts). */
    token: z.string().min(32),
    /** Master key, 64 hex digits: the collector's alone. */
    key: z.string().length(64).optional(),
  }),
});
export type Handover = z.infer<typeof Handover>["handover"];

/** The supervisor sends it as soon as the child is there, ms. */
const withinMs = 10_000;

/**
 * What was handed over to this process: by the supervisor on its channel, else (without a supervisor) the token in the file that TAPROOT_BUS_TOKEN_FILE
 * names. Throws an Error that says what is missing.
 */
export function handedOver(env: Readonly<Record<string, string | undefined>>): Promise<Handover> {
  if (env.TAPROOT_BUS_TOKEN_FILE) return Promise.resolve({ token: tokenFromFile(env.TAPROOT_BUS_TOKEN_FILE) });
  if (!process.send)
    return Promise.reject(
      new Error("TAPROOT_BUS_TOKEN_FILE is not set: without a supervisor, it names the file with the token of the bus"),
    );
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the supervisor has handed nothing over")), withinMs);
    const take = (message: unknown) => {
      const parsed = Handover.safeParse(message);
      if (!parsed.success) return;
      clearTimeout(late);
      process.off("message", take);
      resolve(parsed.data.handover);
    };
    process.on("message", take);
  });
}
