import type { Attack } from "../define";
import { hostKey } from "../means/host";
import { sudoByPath } from "../means/sudo";

/** What the product hands out or takes over, used against those who trust it. */
export const attacks: readonly Attack[] = [
  {
    id: "one-key-for-all",
    finding: 13,
    wants: "trust in one host key for every host, by one line of known_hosts that an admin takes over without a look",
    seen: { audit: /keys\.import/ },
    async attempt(world) {
      const key = hostKey().publicLine;
      const lines = ["*", "*,!x", "?*", "*.*"].map((name) => `${name} ${key}`);
      const answer = await world.admin.send("/api/keys/import", {
        method: "POST",
        body: { knownHosts: lines.join("\n") },
      });
      const { taken, refused } = JSON.parse(answer.text) as { taken?: number; refused?: unknown[] };
      return taken === 0 && refused?.length === lines.length
        ? { harm: null, refused: `${refused.length} of ${lines.length} lines refused` }
        : { harm: `${taken} of ${lines.length} lines taken`, refused: null };
    },
  },
  {
    id: "sudo-by-path",
    finding: 6,
    wants: "root on a host whose sudo has no secure_path, as the user that the shipped fragment is for",
    seen: { nowhere: "it is on the host, in sudo's own log" },
    attempt: sudoByPath,
  },
];
