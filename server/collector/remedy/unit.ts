/** Name of a run on its host: of the guard's unit, its record, and the folder of the old bytes. */
export const unitName = (run: string): string => `taproot-undo-${run}`;
