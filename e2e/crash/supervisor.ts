/** The built product under a supervisor that starts the dead again at once: else two hundred deaths would wait for the growing pauses, an hour and a half of them. */
import { supervise } from "@/server/supervise";

const dist = new URL("../../dist/", import.meta.url);
const restart = { firstWaitMs: 100, longestWaitMs: 100 };
supervise({ argv: process.argv.slice(2), dist, restart }).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
