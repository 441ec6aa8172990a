import { id, take } from "../scaffold.mjs";

export const about = "an event source: how it is followed on a host, and what its lines say";
export const usage = "<id>";
export const samples = [["made-up-monitor"]];
export const contracts = ["lib/events/contract.test.ts"];

export function files(words) {
  const [word] = take(words, "id");
  const name = id(word);
  return { [`lib/events/${name}.ts`]: source(name) };
}

const source = (name) => `import { defineSource } from "./define";

/**
 * Say here what tells of what.
 *
 * Sample (name the tool and its version): \`a line\`
 */
export const source = defineSource({
  id: "${name}",
  title: { en: "Events of what is not written yet", zh: "尚未编写的事件" },
  on: "linux",
  script: \`command -v made-up-tool >/dev/null 2>&1 || tp_missing "made-up-tool is not installed"
made-up-tool --follow\`,
  // Names of what its lines may say. A probe waits for one by rereadOn: { "${name}:<news>": soon }.
  tells: [],
  parse: (line) => line,
  news: () => [],
  sources: ["https://example.invalid/manual"],
  examples: [{ line: "a line", news: [] }],
});
`;
