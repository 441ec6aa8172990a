import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { type Boundary, makeBoundary, webEnvironment } from "./boundary";
import { busPath } from "./bus/path";
import { newToken } from "./bus/token";
import { ConfigError, readServerConfig, type ServerConfig } from "./config";
import { Greeting } from "./greeting";
import { lockInstance } from "./store/lock";
import { loadMasterKey } from "./store/master-key";
import { Supervisor, type SupervisorOptions } from "./supervisor";
import { keepTlsCopies } from "./tls-copies";

export interface Supervised {
  /** Flags, as of `npm start`. */
  readonly argv: readonly string[];
  /** Folder of the bundles that the children are, with a slash at its end; the product's folder is the one above. */
  readonly dist: URL;
  /** Only for tests that kill children by the hundred: a person has no way to set it. */
  readonly restart?: Pick<SupervisorOptions, "firstWaitMs" | "longestWaitMs">;
}

/**
 * The supervisor: takes the data folder, reads the master key, and keeps the two processes running, each with no more than it needs. The key goes to the
 * collector alone, over its channel. It holds nothing else, so that it has nothing to die of.
 * Resolves with the exit code. Throws ConfigError and StoreError, one line each, for what a person has to mend.
 */
export async function supervise({ argv, dist, restart = {} }: Supervised): Promise<number> {
  const script = (name: string) => fileURLToPath(new URL(`${name}.js`, dist));
  const config = readServerConfig(argv, process.env);
  const lock = lockInstance(config.dataDir);
  // Chosen once: a web process that is started again must be where it was.
  const port = await tryPort(config.host, config.port);
  const key = loadMasterKey(config.dataDir, process.env).toString("hex");
  const boundary = boundaryOf(config.dataDir, fileURLToPath(new URL("..", dist)));
  if (boundary) demandPort(port);
  const token = newToken();
  const env = environmentOf(config, port, boundary);
  const tls = boundary ? keepTlsCopies(config.transport, boundary) : undefined;
  const greeting = new Greeting((line) => console.log(line));
  const supervisor = new Supervisor({
    children: [
      { name: "collector", argv: ["--enable-source-maps", script("collector")], env, handover: { token, key } },
      {
        name: "web",
        argv: ["--enable-source-maps", script("web")],
        env: webEnvironment({ ...env, ...tls?.env }, boundary?.home),
        handover: { token },
        ...(boundary ? { user: boundary.user } : {}),
      },
    ],
    log: (line) => console.error(`taproot: ${line}`),
    onMessage: (child, message) => greeting.take(child, message),
    ...restart,
  });
  process.on("uncaughtException", (error) => onFault(error, supervisor));
  let firstAsked = 0;
  const end = () => {
    if (firstAsked === 0) {
      firstAsked = Date.now();
      void supervisor.stop();
      return;
    }
    // npm passes on the Ctrl-C that the terminal has sent already: only one that comes later is a person who has lost patience.
    if (Date.now() - firstAsked > 1_000) supervisor.kill();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  if (process.env.TAPROOT_DEV === "1") obeyDeveloper(supervisor, end);
  supervisor.start();
  const code = await supervisor.ended;
  tls?.stop();
  lock.release();
  return code;
}

/**
 * Node reads a child's channel outside of any try of ours: a line that is no JSON, or has no end, is thrown here. The collector writes none, so whoever
 * owns the web process did. It is ended, and started again with a new channel; the watch over the hosts must not end with it.
 */
function onFault(error: Error, supervisor: Supervisor): void {
  console.error(`taproot: ${error.stack ?? error.message}`);
  if (!/node:internal\/child_process/.test(error.stack ?? "")) process.exit(1);
  console.error("taproot: the web process wrote nonsense on its channel; it is killed and started again");
  supervisor.kill("web");
}

/** What both children are told, beside what each is handed over. */
function environmentOf(config: ServerConfig, port: number, boundary: Boundary | undefined): NodeJS.ProcessEnv {
  // Those of another way of starting (systemd's) would be believed by one child and not by the other.
  const {
    TAPROOT_KEY: _key,
    TAPROOT_KEY_FILE: _file,
    TAPROOT_BUS_TOKEN_FILE: _token,
    TAPROOT_BUS_GROUP: _group,
    ...rest
  } = process.env;
  return {
    ...rest,
    ...config.webEnv,
    TAPROOT_DATA: config.dataDir,
    TAPROOT_HOST: config.host,
    TAPROOT_PORT: String(port),
    TAPROOT_BUS: boundary?.bus ?? busPath(config.dataDir),
    ...(boundary ? { TAPROOT_BUS_GROUP: String(boundary.user.gid) } : {}),
  };
}

/** Under `npm run dev`, which starts us with a channel: a child whose code has changed starts again, and all ends when the channel does. */
function obeyDeveloper(supervisor: Supervisor, end: () => void): void {
  process.on("message", (message) => {
    if (message === null || typeof message !== "object" || !("restart" in message)) return;
    void supervisor.restart(String(message.restart));
  });
  process.on("disconnect", end);
}

/** The web process's user of its own, where we may give it one; else says once what it means that there is none. */
function boundaryOf(dataDir: string, productDir: string): Boundary | undefined {
  // The development server of the pages writes into the product's folder.
  const made =
    process.env.TAPROOT_DEV === "1" ? { because: "the development server runs" } : makeBoundary(dataDir, productDir);
  if (!("because" in made)) return made;
  console.error(
    `taproot: the web process runs as the same user as the collector, because ${made.because}. Whoever takes over the web process can then read the master key and reach every host. ` +
      "Start as root or with the systemd units (docs/install-systemd.md) to keep them apart.",
  );
  return undefined;
}

/**
 * The port that the page will have; for 0 a free one. Tried out here, before anything is started, so that a port in use is one line and nothing else.
 * Throws ConfigError.
 */
function tryPort(host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => reject(new ConfigError(whyNot(error, host, wanted))));
    probe.listen(wanted, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** The web process's user may not listen on low ports, whoever starts it. Throws ConfigError. */
function demandPort(port: number): void {
  const path = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
  const least = existsSync(path) ? Number(readFileSync(path, "utf8")) : 1024;
  if (port < least)
    throw new ConfigError(
      `port ${port}: the web process runs as a user of its own, who may not listen below ${least}: choose --port 8443, ` +
        "a proxy, or set net.ipv4.ip_unprivileged_port_start",
    );
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE")
    return `port ${port} of ${host} is in use: stop what listens there, or choose --port`;
  if (error.code === "EACCES")
    return `port ${port} may not be listened on by this user: choose one above 1023 (--port)`;
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return `${host} is no address of this machine: choose --host`;
  return `${host}, port ${port}: ${error.message}`;
}
