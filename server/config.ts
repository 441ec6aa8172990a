import { isIP } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/** How the server is started: flags before environment before defaults. */
export interface ServerConfig {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
}

/** A flag or variable that is wrong; the message is one line and names it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads flags (--data, --host, --port) and environment (TAPROOT_DATA, TAPROOT_HOST, TAPROOT_PORT). Throws ConfigError. */
export function readServerConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServerConfig {
  const flags = parse(argv);
  const [host, hostFrom] = pick(flags.host, "--host", env.TAPROOT_HOST, "TAPROOT_HOST", "127.0.0.1");
  const [port, portFrom] = pick(flags.port, "--port", env.TAPROOT_PORT, "TAPROOT_PORT", "3000");
  const [data, dataFrom] = pick(flags.data, "--data", env.TAPROOT_DATA, "TAPROOT_DATA", "data");
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new ConfigError(`${portFrom} ${port}: not a port (0 to 65535; 0 takes a free one)`);
  if (isIP(host) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host))
    throw new ConfigError(`${hostFrom} ${host}: not an address of this machine`);
  if (data.includes("\0")) throw new ConfigError(`${dataFrom}: not a folder name`);
  return { dataDir: resolve(data), host, port: Number(port) };
}

function parse(argv: readonly string[]): { host?: string; port?: string; data?: string } {
  try {
    return parseArgs({
      args: [...argv],
      options: { host: { type: "string" }, port: { type: "string" }, data: { type: "string" } },
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
