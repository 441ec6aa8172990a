import { openAuth } from "../auth/engine";
import { offerSetup } from "../auth/setup";
import { whoIsWith } from "../auth/who";
import { busPath } from "../bus/path";
import { handedOver } from "../handover";
import { StoreError } from "../store/errors";
import { loadMasterKey, parseKey } from "../store/master-key";
import { makeDataDir, openStore } from "../store/store";
import { startCollector } from "./collector";
import { makeEngine } from "./engine";
import { jsonLog } from "./log";
import { connect } from "./ssh/connect";
import { withOwnConfig } from "./ssh/own-config";

/**
 * The collector process: the one with the keys and the only one with the store. Started by the supervisor, which hands the master key and the token of the
 * bus over on its channel; without a supervisor it reads the key where the supervisor would, and the token from TAPROOT_BUS_TOKEN_FILE.
 * Exit codes as of the web process: 0 told to end, 3 a person has to mend something (one line says what), 1 a fault.
 */
const needsPerson = 3;
const log = jsonLog((line) => process.stderr.write(`${line}\n`), "collector");

async function main(): Promise<void> {
  const dataDir = process.env.TAPROOT_DATA ?? "data";
  const { token, key } = await handedOver(process.env);
  makeDataDir(dataDir);
  const masterKey =
    key === undefined ? loadMasterKey(dataDir, process.env) : parseKey(key, "the key of the supervisor");
  // Programs that we start (ssh-agent is asked, ProxyCommand never) have no business with it.
  delete process.env.TAPROOT_KEY;
  const store = await openStore(dataDir, masterKey);
  const auth = await openAuth(store);
  const group = process.env.TAPROOT_BUS_GROUP;
  const collector = await startCollector({
    store,
    auth,
    whoIs: async (session) => (session === "" ? null : whoIsWith(auth, session)),
    bus: {
      path: process.env.TAPROOT_BUS ?? busPath(dataDir),
      token,
      ...(group === undefined ? {} : { group: Number(group) }),
    },
    connect: withOwnConfig(connect),
    makeEngine,
    log,
  });
  const setup = await offerSetup(auth);
  // The supervisor prints the link below the page's address; without one it goes to the log, which nobody else reads.
  if (process.send) process.send({ ready: true, ...(setup === null ? {} : { setup }) });
  else if (setup !== null) log("setup-link", { path: `/setup?token=${setup}` });

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
  const line = mendable(error);
  if (line !== undefined) {
    process.stderr.write(`collector: ${line}\n`);
    process.exit(needsPerson);
  }
  log("fault", { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
});

/** One line that names the thing for what a person has to mend; undefined for a fault of ours. */
function mendable(error: unknown): string | undefined {
  if (error instanceof StoreError) return error.message;
  return error instanceof Error && error.message.startsWith("TAPROOT_") ? error.message : undefined;
}
