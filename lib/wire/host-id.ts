/** A text as the id of a host (`HostSpec.id`): what its alphabet does not hold becomes a dash. Empty where nothing is left. */
export const idOf = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 63);

/** The id that an address suggests: the first label of a host name, an IP address whole. Empty for an empty address. */
export function suggestedId(address: string): string {
  const trimmed = address.trim();
  const isNumeric = /^[0-9.]+$/.test(trimmed) || trimmed.includes(":");
  return idOf(isNumeric ? trimmed : (trimmed.split(".")[0] ?? ""));
}
