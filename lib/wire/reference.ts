import { about, tagOf } from "./openapi";
import { defaultLimitMs, type RouteContract } from "./routes/define";

const head = `# REST interface

Made by \`npm run docs\` from the contracts in \`lib/wire/routes\`: do not edit.

${about}

Shapes of bodies and answers stand in the OpenAPI 3.1 document that every installation serves to whoever has logged in
at \`/api/openapi.json\`:

\`\`\`sh
curl -H "Authorization: Bearer $TOKEN" https://taproot.example.net/api/openapi.json
\`\`\`

A refusal is \`{"error": {"code", "message"}}\`. Each table names the codes that are a route's own. Any route may also
answer \`bad-request\`, \`no-session\`, \`role\`, \`origin\`, \`too-large\`, \`media-type\`, \`busy\`, \`timeout\`, \`collector-down\`,
\`internal\` and \`fault\`.
`;

/** docs/api.md: every route with its role, what it does, its own refusals and how long it may take. */
export function apiReference(routes: Readonly<Record<string, RouteContract>>): string {
  const all = Object.values(routes);
  const tags = [...new Set(all.map(tagOf))].sort();
  return [
    head,
    ...tags.map((tag) =>
      table(
        tag,
        all.filter((route) => tagOf(route) === tag),
      ),
    ),
  ].join("\n");
}

function table(tag: string, routes: readonly RouteContract[]): string {
  const rows = [...routes]
    .sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method))
    .map(({ method, path, role, summary, errors, limitMs = defaultLimitMs }) => {
      const cells = [`\`${method} ${path}\``, role, summary, errors.join(", "), `${limitMs / 1000} s`];
      return `| ${cells.join(" | ")} |`;
    });
  return [
    `## ${tag}`,
    "",
    "| route | role | what it does | refuses with | time |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
