/** Where the command writes. Results go to `out`, everything else to `err`; neither ever gets host text that is not made visible. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly colour: Colour;
  /** Progress may rewrite its own line. */
  readonly errIsTty: boolean;
}

export interface Colour {
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  grey(text: string): string;
  bold(text: string): string;
}

const paint = (on: boolean, open: number, close: number) => (text: string) =>
  on ? `\x1b[${open}m${text}\x1b[${close}m` : text;

export function colours(on: boolean): Colour {
  return {
    red: paint(on, 31, 39),
    yellow: paint(on, 33, 39),
    green: paint(on, 32, 39),
    grey: paint(on, 90, 39),
    bold: paint(on, 1, 22),
  };
}

/** Colours stand on a terminal only; NO_COLOR (no-color.org: any value but the empty one) and --no-color switch them off. */
export function wantsColour(tty: boolean, env: NodeJS.ProcessEnv, flag: boolean): boolean {
  const noColour = env.NO_COLOR !== undefined && env.NO_COLOR !== "";
  return tty && flag && !noColour && env.TERM !== "dumb";
}
