/**
 * A command as a person reads and pastes it: words that no shell reads differently stand bare, all others in single quotes.
 * For the eye only. What is sent to a host is quoted by the collector, every word, in one place.
 */
export function shown(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
