/** A flag or variable that is wrong; the message names it and says what to do. One line, except where there is a choice to make. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
