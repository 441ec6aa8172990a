import { randomBytes } from "node:crypto";
import { type Attack, all } from "../define";
import { codeOf } from "../http";
import { send } from "../people";
import type { World } from "../world";

const forms = ["", "/markdown"] as const;

async function share(world: World, open: boolean): Promise<string> {
  const made = await world.operator.must<{ id: string }>("/api/incidents", {
    method: "POST",
    body: { host: "kvm-01", note: "for the ticket", public: open },
  });
  return made.id;
}

/** Links for tickets, without an account. */
export const attacks: readonly Attack[] = [
  {
    id: "guess-share",
    finding: 13,
    wants: "somebody's incident, by a guessed link; or to learn that there is one",
    seen: { log: /refused GET \/api\/incidents\/\.\.\.: 401/ },
    async attempt(world) {
      const hidden = await share(world, false);
      const wrong = [hidden, ...Array.from({ length: 30 }, () => randomBytes(16).toString("base64url"))];
      const answers = [];
      for (const id of wrong) answers.push(await send(world.port, `/api/incidents/${id}`, null));
      const told = new Set(answers.map((answer) => `${answer.status} ${answer.text}`));
      if (told.size > 1) return { harm: "a private one is told from one that is not there", refused: null };
      return all(
        answers.map((answer, at) => ({ what: wrong[at] ?? "", refused: answer.status === 401, got: codeOf(answer) })),
      );
    },
  },
  {
    id: "revoked-share",
    finding: 13,
    wants: "an incident whose link was revoked, in any of its forms",
    seen: { audit: /incident revoked/ },
    async attempt(world) {
      const id = await share(world, true);
      const before = await send(world.port, `/api/incidents/${id}`, null);
      if (before.status !== 200) throw new Error(`a public link does not open: ${codeOf(before)}`);
      await world.operator.must(`/api/incidents/${id}`, { method: "DELETE" });
      const tried = [];
      for (const form of forms) {
        const answer = await send(world.port, `/api/incidents/${id}${form}`, null);
        tried.push({ what: `stranger${form}`, refused: answer.status === 410, got: codeOf(answer) });
        const viewer = await world.viewer.send(`/api/incidents/${id}${form}`);
        tried.push({ what: `viewer${form}`, refused: viewer.status === 410, got: codeOf(viewer) });
      }
      const page = await send(world.port, `/share/${id}`, null);
      tried.push({ what: "page", refused: !page.text.includes("kvm-01"), got: codeOf(page) });
      return all(tried);
    },
  },
  {
    id: "indexed-share",
    finding: 13,
    wants: "public incidents in the index of a search engine",
    seen: { nowhere: "an answer's header is no event" },
    async attempt(world) {
      const id = await share(world, true);
      const tried = [];
      for (const path of [`/api/incidents/${id}`, `/api/incidents/${id}/markdown`, `/share/${id}`]) {
        const answer = await send(world.port, path, null);
        const header = String(answer.headers["x-robots-tag"] ?? "");
        const page = /<meta name="robots" content="noindex/.test(answer.text);
        tried.push({
          what: path.replace(id, "ID"),
          refused: header.includes("noindex") || page,
          got: header || (page ? "noindex" : "no word about robots"),
        });
      }
      return all(tried);
    },
  },
];
