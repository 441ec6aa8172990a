import * as z from "zod";
import * as finding from "../checks/finding";
import * as graph from "../graph/model";
import { type ErrorCode, errorStatus } from "./errors";
import * as model from "./model";
import * as rest from "./rest";
import * as retention from "./retention";
import { errorsOf, isText, nothing, type RouteContract } from "./routes/define";
import * as settings from "./settings";
import * as share from "./share";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** An OpenAPI 3.1 document. */
export interface OpenApi extends JsonObject {
  readonly openapi: "3.1.0";
  readonly paths: { readonly [path: string]: JsonObject };
}

/** What holds for all routes. */
export const about =
  `A request is known by the session cookie or by \`Authorization: Bearer <API token>\`. Bodies are JSON with
\`Content-Type: application/json\`. A request that changes something and comes with a cookie carries the Origin of this
site, which a browser does by itself. Each route has its least role (\`x-role\`): viewer, operator, admin, or open where
nobody has to be known. Within version 1 fields are added to answers, never renamed or removed.`.replaceAll("\n", " ");

/**
 * Writes the REST interface down from its contracts. Schemas that have a name in lib/wire stand once, under that name,
 * in \`components\`; a body whose shape differs from the answer of the same name is called "<Name>Input".
 */
export function openApi(routes: Readonly<Record<string, RouteContract>>): OpenApi {
  const answers = new Schemas("output", (name) => name);
  const bodies = new Schemas("input", (name) => `${name}Input`);
  const entries = Object.entries(routes);
  for (const [id, route] of entries) {
    const name = `${id[0]?.toUpperCase() ?? ""}${camel(id).slice(1)}`;
    if (isText(route.result)) {
      if (route.result.line) answers.add(`${name}Line`, route.result.line);
    } else answers.add(`${name}Result`, route.result);
    if (route.body) bodies.add(`${name}Body`, route.body);
  }
  answers.add("ApiError", rest.ApiError);
  const paths: Record<string, Record<string, Json>> = {};
  for (const [id, route] of entries) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(camel(id), route, answers, bodies) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Taproot",
      version: "1",
      description: about,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { session: [] }],
    tags: [...new Set(entries.map(([, route]) => tagOf(route)))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token, made on the page of settings." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "taproot_session",
          description: "Set by logIn. Over https the cookie is called __Host-taproot_session.",
        },
      },
      schemas: { ...answers.written(), ...bodies.written() },
    },
  };
}

function operation(id: string, route: RouteContract, answers: Schemas, bodies: Schemas): JsonObject {
  const { body, result, summary, role } = route;
  return {
    operationId: id,
    tags: [tagOf(route)],
    summary,
    ...(role === "open" ? { security: [] } : {}),
    "x-role": role,
    ...(route.path.includes("/:") || route.query ? { parameters: parametersOf(route) } : {}),
    ...(body
      ? { requestBody: { required: true, content: { "application/json": { schema: bodies.refOf(body) } } } }
      : {}),
    responses: {
      [String(route.status ?? 200)]: {
        description: isText(result) ? "The text." : "Done.",
        content: isText(result)
          ? { [result.media]: { schema: { type: "string" }, ...lineOf(result.line, answers) } }
          : { "application/json": { schema: answers.refOf(result) } },
      },
      ...refusals(errorsOf(route), answers),
    },
  };
}

/** OpenAPI 3.1 has no word for lines of JSON: the schema of one stands beside it. */
const lineOf = (line: z.ZodType | undefined, answers: Schemas): JsonObject =>
  line ? { "x-line": answers.refOf(line) } : {};

function refusals(codes: readonly ErrorCode[], answers: Schemas): JsonObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(errorStatus[code], [...(byStatus.get(errorStatus[code]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: `Refused: ${some.join(", ")}.`,
        "x-codes": some,
        content: { "application/json": { schema: answers.refOf(rest.ApiError) } },
        ...(status === 429
          ? { headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } } }
          : {}),
      },
    ]),
  );
}

function parametersOf({ path, query }: RouteContract): Json[] {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  return [
    ...names.map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string", minLength: 1, maxLength: 200 },
    })),
    ...Object.entries(query?.shape ?? {}).map(([name, field]) => ({
      name,
      in: "query",
      required: !(field as z.ZodType).safeParse(undefined).success,
      schema: plain(z.toJSONSchema(field as z.ZodType, { io: "input", unrepresentable: "any" }) as JsonObject),
    })),
  ];
}

const camel = (id: string) => id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
/** Routes of one kind: the first word of the address. */
export const tagOf = ({ path }: RouteContract) =>
  path
    .replace(/^\/api\//, "")
    .split(/[/.]/)
    .find(Boolean) ?? "";

/** What stands in a schema made by zod and has no place, or no use, in an OpenAPI document. */
function plain({ $schema: _, $id: __, "~standard": ___, ...rest }: JsonObject): JsonObject {
  return rest;
}

const place = "#/components/schemas/";
const sharedPlace = `${place}__shared#/$defs/`;

/** The schemas of one direction: as they are sent ("input"), or as they come out of their parser ("output"). */
class Schemas {
  private readonly names = new Map<z.ZodType, string>();
  private readonly wanted = new Set<string>();
  private made: Record<string, JsonObject> | undefined;

  constructor(
    private readonly io: "input" | "output",
    /** What a schema of lib/wire is called in this direction. */
    called: (name: string) => string,
  ) {
    this.names.set(nothing, called("Nothing"));
    for (const module of [graph, finding, model, rest, retention, settings, share])
      for (const [name, value] of Object.entries(module))
        if (value instanceof z.ZodType && !this.names.has(value)) this.names.set(value, called(name));
  }

  /** A schema that a route uses; one that has no name of its own gets this one. */
  add(name: string, schema: z.ZodType): void {
    if (!this.names.has(schema)) this.names.set(schema, name);
    this.wanted.add(this.names.get(schema) ?? name);
  }

  refOf(schema: z.ZodType): JsonObject {
    const name = this.names.get(schema);
    if (name === undefined) throw new Error("a schema that no route has added");
    return { $ref: place + name };
  }

  /** Those that routes use, and those that these refer to. */
  written(): JsonObject {
    const all = this.all();
    const reached = new Set<string>();
    const walk = (name: string) => {
      if (reached.has(name)) return;
      reached.add(name);
      for (const [, next = ""] of JSON.stringify(all[name] ?? {}).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
        walk(next);
    };
    for (const name of this.wanted) walk(name);
    return Object.fromEntries([...reached].sort().map((name) => [name, all[name] ?? {}]));
  }

  private all(): Record<string, JsonObject> {
    if (this.made) return this.made;
    const registry = z.registry<{ id: string }>();
    for (const [schema, id] of this.names) registry.add(schema, { id });
    const { schemas } = z.toJSONSchema(registry, {
      uri: (id) => place + id,
      io: this.io,
      unrepresentable: "any",
      // A field that a later release adds must break no client.
      override: ({ zodSchema, jsonSchema }) => {
        const { def } = zodSchema._zod;
        if (def.type === "object" && this.io === "output" && !("catchall" in def && def.catchall))
          delete jsonSchema.additionalProperties;
      },
    });
    // What is shared and has no name (a shape that holds itself) is kept under a name of its direction.
    const prefix = this.io === "input" ? "SharedInput_" : "Shared_";
    const text = JSON.stringify(schemas).replaceAll(`"${sharedPlace}`, `"${place}${prefix}`);
    const { __shared, ...named } = JSON.parse(text) as Record<string, JsonObject>;
    const shared = Object.entries((__shared?.$defs ?? {}) as Record<string, JsonObject>);
    const made: Record<string, JsonObject> = Object.fromEntries([
      ...Object.entries(named).map(([name, schema]) => [name, plain(schema)]),
      ...shared.map(([name, schema]) => [prefix + name, plain(schema)]),
    ]);
    this.made = made;
    return made;
  }
}
