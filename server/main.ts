import { fileURLToPath } from "node:url";
import { busPath } from "./bus/path";
import { ConfigError, readServerConfig } from "./config";
import { StoreError } from "./store/errors";
import { lockInstance } from "./store/lock";
import { loadMasterKey } from "./store/master-key";
import { Supervisor } from "./supervisor";

/**
 * The supervisor: takes the data folder, reads the master key, and keeps the two processes running. The key goes to the collector alone.
 * It holds nothing else, so that it has nothing to die of.
 */
async function main(): Promise<number> {
  const config = readServerConfig(process.argv.slice(2), process.env);
  const lock = lockInstance(config.dataDir);
  const key = loadMasterKey(config.dataDir, process.env).toString("hex");
  const { TAPROOT_KEY: _, TAPROOT_KEY_FILE: __, ...rest } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...rest,
    TAPROOT_DATA: config.dataDir,
    TAPROOT_HOST: config.host,
    TAPROOT_PORT: String(config.port),
    TAPROOT_BUS: busPath(config.dataDir),
  };
  const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const supervisor = new Supervisor({
    children: [
      { name: "collector", argv: ["--enable-source-maps", script("collector")], env: { ...env, TAPROOT_KEY: key } },
      { name: "web", argv: ["--enable-source-maps", script("web")], env },
    ],
    log: (line) => console.error(`taproot: ${line}`),
  });
  let asked = 0;
  const end = () => {
    asked++;
    if (asked === 1) void supervisor.stop();
    // npm passes on the Ctrl-C that the terminal has sent already: only one that comes later is a person who has lost patience.
    else if (Date.now() - firstAsked > 1_000) supervisor.kill();
    else return;
    firstAsked = asked === 1 ? Date.now() : firstAsked;
  };
  let firstAsked = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  supervisor.start();
  const code = await supervisor.ended;
  lock.release();
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const mendable = error instanceof StoreError || error instanceof ConfigError;
    console.error(`taproot: ${mendable ? error.message : error instanceof Error ? error.stack : String(error)}`);
    process.exit(mendable ? 3 : 1);
  },
);
