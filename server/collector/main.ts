import { makeWhoIs } from "../auth/who";
import { busPath } from "../bus/path";
import { StoreError } from "../store/errors";
import { loadMasterKey } from "../store/master-key";
import { openStore } from "../store/store";
import { startCollector } from "./collector";
import { makeEngine } from "./engine";
import { jsonLog } from "./log";
import { connect } from "./ssh/connect";
import { withOwnConfig } from "./ssh/own-config";

/**
 * The collector process: the one with the keys. Started by the supervisor with TAPROOT_DATA, TAPROOT_BUS and the master key in its environment.
 * Exit codes as of the web process: 0 told to end, 3 a person has to mend something (one line says what), 1 a fault.
 */
const needsPerson = 3;
const log = jsonLog((line) => process.stderr.write(`${line}\n`), "collector");

async function main(): Promise<void> {
  const dataDir = process.env.TAPROOT_DATA ?? "data";
  const masterKey = loadMasterKey(dataDir, process.env);
  // Programs that we start (ssh-agent is asked, ProxyCommand never) have no business with it.
  delete process.env.TAPROOT_KEY;
  const store = await openStore(dataDir);
  const collector = await startCollector({
    store,
    masterKey,
    path: process.env.TAPROOT_BUS ?? busPath(dataDir),
    whoIs: makeWhoIs(store),
    connect: withOwnConfig(connect),
    makeEngine,
    log,
  });
  process.send?.({ ready: true });

  let ending = false;
  const end = async (why: string) => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), 5_000).unref();
    await collector.close();
    await store.close();
    log("ended", { why });
    process.exit(0);
  };
  // Ctrl-C reaches the whole group; the supervisor then asks each child to end.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => void end("SIGTERM"));
  // The supervisor was killed: without it nobody would ever end this process, and the next one could not begin.
  process.on("disconnect", () => void end("supervisor gone"));
}

// A fault in one place must not take the watch over all hosts down unheard: it is logged, and the supervisor starts us again.
process.on("uncaughtException", (error) => {
  log("fault", { reason: error.stack ?? error.message });
  process.exit(1);
});

main().catch((error: unknown) => {
  if (error instanceof StoreError) {
    process.stderr.write(`collector: ${error.message}\n`);
    process.exit(needsPerson);
  }
  log("fault", { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
});
