export interface Step {
  readonly says: string;
  readonly run: readonly [string, readonly string[]];
  /** Of a recorded run. */
  readonly seconds: number;
  readonly needs?: readonly string[];
  readonly counts?: string;
  readonly build?: boolean;
  readonly root?: boolean;
}
export const steps: Readonly<Record<string, Step>>;
export const programs: Readonly<Record<string, string>>;
export function needsOf(
  names: readonly string[],
): readonly { readonly need: string; readonly name: string; readonly isFile: boolean }[];
export function shortly(seconds: number): string;
