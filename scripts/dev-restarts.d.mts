export function newBundles(folder: string, names: readonly string[]): Map<string, string>;
export function restartsFor(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): { readonly supervisor: boolean; readonly children: string[] };
