import { visibleJson } from "@/lib/text/visible";

export type Log = (event: string, more?: Readonly<Record<string, unknown>>) => void;

/**
 * One JSON line an event. JSON itself escapes only U+0000 to U+001F; what else a terminal obeys (DEL, C1 controls such as CSI, U+009B, and characters that turn the text's direction) is escaped
 * as well, so that no host can write to the terminal of whoever reads the log.
 */
export function jsonLog(write: (line: string) => void, process: string): Log {
  return (event, more = {}) =>
    write(visibleJson(JSON.stringify({ at: new Date().toISOString(), process, event, ...more })));
}
