import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { BusClient } from "@/server/bus/client";
import { ConfigError } from "@/server/config-error";
import { handedOver } from "@/server/handover";
import { readConfig, type WebConfig } from "./config";
import type { PageHandler } from "./pages";
import { makeServer } from "./server";
import { askingWhoIs } from "./who-is";

/**
 * The web process: pages, REST, sockets. It holds no key, opens no store and knows nobody: who asks, what a host is told and what is kept goes through the
 * collector, which decides by itself.
 *
 * Exit codes: 0 told to end, 3 something that a person has to mend and that starting again would not (one line says what), 1 a fault.
 */
const needsPerson = 3;
const log = (line: string) => console.error(line);
const buildId = ".next/BUILD_ID";

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const { token } = await handedOver(process.env);
  const collector = new BusClient({ path: config.bus, token, log });
  const pages = later<Pages>();
  const parts = { config, collector, log, whoIs: askingWhoIs(collector), build: buildOf(config) };
  const server = makeServer(parts, async (request, response) => (await pages.value).draw(request, response));
  // Before Next is loaded, which takes seconds: a port in use is said at once, and a page asked for meanwhile waits.
  await listen(server.http, config);
  pages.set(await openPages(config));
  const { port } = server.http.address() as AddressInfo;
  const scheme = config.transport.kind === "tls" ? "https" : "http";
  const url = config.url?.origin ?? `${scheme}://${nameOf(config.host)}:${port}`;
  console.log(`Taproot is at ${url}`);
  if (config.transport.kind === "plain")
    log("web: WARNING: http without TLS (--insecure-http): whoever is on the way reads passwords, keys and sessions.");
  // Tells the supervisor, where there is one, that pages are served now.
  process.send?.({ ready: true, url });

  let ending = false;
  const end = async (why: string) => {
    if (ending) return;
    ending = true;
    // A connection that does not end must not keep the process from ending.
    setTimeout(() => process.exit(0), 5000).unref();
    await server.close();
    collector.close();
    await (await pages.value).close();
    if (process.env.TAPROOT_VERBOSE) log(`web: ended (${why})`);
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(signal));
  if (config.transport.kind === "tls") process.on("SIGHUP", () => server.reload());
  // The supervisor was killed: its channel closes, and nobody would ever stop this process.
  process.on("disconnect", () => void end("supervisor gone"));
}

interface Pages {
  readonly draw: PageHandler;
  close(): Promise<void>;
}

/** A value that others may wait for before it is there. */
function later<T>(): { readonly value: Promise<T>; set(value: T): void } {
  let set: (value: T) => void = () => undefined;
  const value = new Promise<T>((resolve) => {
    set = resolve;
  });
  return { value, set: (given) => set(given) };
}

/** Next, built before (or building as it goes, with TAPROOT_DEV=1). */
async function openPages(config: WebConfig): Promise<Pages> {
  // React and Next choose their production build by it, when they are loaded: hence the import after it.
  Object.assign(process.env, { NODE_ENV: config.dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" });
  const { default: next } = await import("next");
  const app = next({ dev: config.dev, dir: process.cwd(), hostname: config.host, port: config.port });
  await app.prepare();
  const handle = app.getRequestHandler();
  return { draw: (request, response) => handle(request, response), close: () => app.close() };
}

/** The id that Next gave to the build; read when it is first asked for, and again only while there is none. */
function buildOf(config: WebConfig): () => string | undefined {
  let build: string | undefined;
  return () => {
    if (config.dev) return undefined;
    build ??= existsSync(buildId) ? readFileSync(buildId, "utf8").trim() : undefined;
    return build;
  };
}

function listen(http: ReturnType<typeof makeServer>["http"], config: WebConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(config.port, config.host, () => {
      http.off("error", reject);
      resolve();
    });
  });
}

/** A name for links: 0.0.0.0 and :: mean every address, so this machine's own will do. */
function nameOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

/** One line that names the thing for what a person has to mend; undefined for a fault of ours. */
function mendable(error: unknown): string | undefined {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? error.code : undefined;
  const where = `${process.env.TAPROOT_HOST ?? "127.0.0.1"}:${process.env.TAPROOT_PORT ?? "3000"}`;
  if (code === "EADDRINUSE") return `${where} is in use: stop what listens there, or set TAPROOT_PORT`;
  if (code === "EACCES" && "syscall" in error && error.syscall === "listen")
    return `${where} may not be listened on by this user: choose a port above 1023`;
  if (code === "EADDRNOTAVAIL") return `${where} is no address of this machine: set TAPROOT_HOST`;
  if (/^TAPROOT_\w+\b/.test(error.message)) return error.message;
  if (/production build/.test(error.message)) return "the pages are not built: run `npm run build` first";
  return undefined;
}

main().catch((error: unknown) => {
  const line = mendable(error);
  log(`web: ${line ?? (error instanceof Error ? error.stack : String(error))}`);
  process.exit(line === undefined ? 1 : needsPerson);
});
