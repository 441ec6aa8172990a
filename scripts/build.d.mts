export function build(names?: readonly string[], options?: { force?: boolean }): Promise<void>;
