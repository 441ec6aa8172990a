export type Log = (event: string, more?: Readonly<Record<string, unknown>>) => void;

/** One JSON line an event. JSON escapes control characters, so that no host can write to the terminal of whoever reads the log. */
export function jsonLog(write: (line: string) => void, process: string): Log {
  return (event, more = {}) => write(JSON.stringify({ at: new Date().toISOString(), process, event, ...more }));
}
