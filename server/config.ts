import { isIP } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError } from "./config-error";
import { siteUrl, type Transport, transportOf } from "./transport";

export { ConfigError } from "./config-error";

/** How the server is started: flags before environment before defaults. */
export interface ServerConfig {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
  /** What the web process must be told of how it is reached, as its variables. One that is not set is "". */
  readonly webEnv: Readonly<Record<WebVariable, string>>;
}

type WebVariable = "TAPROOT_URL" | "TAPROOT_PROXY" | "TAPROOT_TLS_CERT" | "TAPROOT_TLS_KEY" | "TAPROOT_INSECURE_HTTP";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads flags (--data, --host, --port, --url, --proxy, --tls-cert, --tls-key, --insecure-http) and environment (TAPROOT_DATA, TAPROOT_HOST, TAPROOT_PORT,
 * and the names of `webEnv`). Throws ConfigError.
 */
export function readServerConfig(argv: readonly string[], env: Variables): ServerConfig {
  const flags = parse(argv);
  const [host, hostFrom] = pick(flags.host, "--host", env.TAPROOT_HOST, "TAPROOT_HOST", "127.0.0.1");
  const [port, portFrom] = pick(flags.port, "--port", env.TAPROOT_PORT, "TAPROOT_PORT", "3000");
  const [data, dataFrom] = pick(flags.data, "--data", env.TAPROOT_DATA, "TAPROOT_DATA", "data");
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new ConfigError(`${portFrom} ${port}: not a port (0 to 65535; 0 takes a free one)`);
  if (isIP(host) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host))
    throw new ConfigError(`${hostFrom} ${host}: not an address of this machine`);
  if (data.includes("\0")) throw new ConfigError(`${dataFrom}: not a folder name`);
  return { dataDir: resolve(data), host, port: Number(port), ...reached(host, flags, env) };
}

function reached(host: string, flags: Flags, env: Variables): Pick<ServerConfig, "transport" | "webEnv"> {
  const [url, urlFrom] = pick(flags.url, "--url", env.TAPROOT_URL, "TAPROOT_URL", "");
  const file = (flag: string | undefined, variable: string | undefined) => {
    const given = flag || variable;
    return given ? resolve(given) : undefined;
  };
  const cert = file(flags["tls-cert"], env.TAPROOT_TLS_CERT);
  const key = file(flags["tls-key"], env.TAPROOT_TLS_KEY);
  const insecure = flags["insecure-http"] ?? onOff("TAPROOT_INSECURE_HTTP", env);
  const proxy = flags.proxy ?? onOff("TAPROOT_PROXY", env);
  return {
    transport: transportOf({ host, url: siteUrl(url, urlFrom), cert, key, insecure }),
    webEnv: {
      TAPROOT_URL: url,
      TAPROOT_PROXY: proxy ? "1" : "",
      TAPROOT_TLS_CERT: cert ?? "",
      TAPROOT_TLS_KEY: key ?? "",
      TAPROOT_INSECURE_HTTP: insecure ? "1" : "",
    },
  };
}

function onOff(name: WebVariable, env: Variables): boolean {
  const value = env[name] ?? "";
  if (!/^[01]?$/.test(value)) throw new ConfigError(`${name} ${value}: 1 or 0`);
  return value === "1";
}

type Flags = ReturnType<typeof parse>;

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        host: { type: "string" },
        port: { type: "string" },
        data: { type: "string" },
        url: { type: "string" },
        proxy: { type: "boolean" },
        "tls-cert": { type: "string" },
        "tls-key": { type: "string" },
        "insecure-http": { type: "boolean" },
      },
      strict: true,
      allowPositionals: false,
    }).values;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message.split("\n", 1).join("") : String(error));
  }
}

function pick(
  flag: string | undefined,
  flagName: string,
  variable: string | undefined,
  variableName: string,
  otherwise: string,
): [value: string, from: string] {
  if (flag !== undefined && flag !== "") return [flag, flagName];
  if (variable !== undefined && variable !== "") return [variable, variableName];
  return [otherwise, flagName];
}
