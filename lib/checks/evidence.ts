import type { GraphNode } from "../graph/model";
import type { Evidence } from "./define";

/**
 * A word for a POSIX shell, so that a command shown as evidence can be pasted as it is however hostile the name in it. Control characters are shown
 * in $'...' form, which bash and zsh read: as raw bytes they could rewrite the terminal they are pasted into.
 */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  if (!/[\p{C}]/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = Array.from(text, (char) => {
    if (char === "'" || char === "\\") return `\\${char}`;
    if (!/\p{C}/u.test(char)) return char;
    const code = char.codePointAt(0) ?? 0;
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `$'${escaped.join("")}'`;
}

/** Where a command has to run: the attributes of the node that it asks about. */
export interface Place {
  readonly netns?: unknown;
  readonly netnsPid?: unknown;
}

/** A command line for evidence, its words quoted; entering the network namespace of `place` first: `ip netns exec`, or nsenter where it has no name. */
export function commandLine(words: readonly string[], place: Place = {}): string {
  return [...entering(place), ...words].map(shellWord).join(" ");
}

function entering({ netns, netnsPid }: Place): string[] {
  if (typeof netns !== "string" || netns === "") return [];
  return typeof netnsPid === "number" ? ["nsenter", "-t", String(netnsPid), "-n"] : ["ip", "netns", "exec", netns];
}

/** `ip -d link show dev NAME` and the line of it that names flags, MTU, master and state. The excerpt is made from the graph's own attributes. */
export function linkEvidence(node: GraphNode): Evidence {
  const { ifindex, flags, mtu, master, operstate } = node.attributes;
  return {
    command: commandLine(["ip", "-d", "link", "show", "dev", node.name], node.attributes),
    excerpt: [
      `${String(ifindex)}: ${node.name}: <${Array.isArray(flags) ? flags.join(",") : ""}> mtu ${String(mtu)}`,
      ...(typeof master === "string" ? [`master ${master}`] : []),
      `state ${String(operstate)}`,
    ].join(" "),
  };
}
