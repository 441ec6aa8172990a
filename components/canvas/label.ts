import { statusWord } from "@/lib/text/labels";
import type { UiKey } from "@/lib/text/ui";
import { fitColumns, visible } from "@/lib/text/visible";
import type { Text } from "../ui/language";
import type { SceneNode } from "./scene";

/** Mark before the word of a status: shapes that every face has. */
const glyph = { ok: "", warn: "!", fail: "×", impacted: "~", unknown: "?", stale: "–" } as const;

/** Width of a character at the label's size, canvas units. */
const cell = 6.7;

/** What stands in a node: its name, and below it the word of its status where that is not plain health. */
export function labelOf(node: Pick<SceneNode, "kind" | "name" | "status" | "width" | "count">, text: Text): string {
  const columns = Math.floor((node.width - 12) / cell);
  const word = `${glyph[node.status]} ${text.say(statusWord[node.status])}`;
  if (node.kind === "group") {
    const count = node.count ?? 0;
    return text.t(groupKey[node.status], { count });
  }
  const name = fitColumns(visible(node.name), columns);
  // A stale host says so once, on its box; a word on each node would bury the names.
  return node.status === "ok" || node.status === "stale" ? name : `${name}\n${word}`;
}

const groupKey = {
  ok: "groupOk",
  warn: "groupWarn",
  fail: "groupFail",
  impacted: "groupImpacted",
  unknown: "groupUnknown",
  stale: "groupStale",
} as const satisfies Record<SceneNode["status"], UiKey>;
