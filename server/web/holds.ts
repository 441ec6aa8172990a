import { isDeepStrictEqual } from "node:util";
import { ApiError } from "@/lib/wire/rest";
import { errorsOf, isText, type RouteContract } from "@/lib/wire/routes/define";
import { routes } from "@/lib/wire/routes/registry";
import { typeOf } from "./handle";

const all: readonly RouteContract[] = Object.values(routes);

/** The contract of the route that an address is of; undefined where there is none. */
export function contractOf(method: string, path: string): RouteContract | undefined {
  const asked = path.split("?")[0]?.split("/") ?? [];
  const fits = (route: RouteContract) => {
    const parts = route.path.split("/");
    return parts.length === asked.length && parts.every((part, at) => part.startsWith(":") || part === asked[at]);
  };
  const found = all.filter((route) => route.method === method && fits(route));
  return found.sort((a, b) => a.path.split("/:").length - b.path.split("/:").length)[0];
}

/**
 * Holds an answer against its contract: the status, the shape, no field that the contract does not have, no code that it
 * does not name. For tests.
 * @throws Error that says what does not fit.
 */
export async function holds(route: RouteContract, answer: Response): Promise<void> {
  const wrong = (what: string) => new Error(`${route.method} ${route.path} answered ${answer.status}: ${what}`);
  if (answer.status >= 400) {
    const body: unknown = await answer.clone().json();
    const { error } = ApiError.parse(body);
    if (!(errorsOf(route) as string[]).includes(error.code)) throw wrong(`its contract has no code ${error.code}`);
    return;
  }
  if (answer.status !== (route.status ?? 200)) throw wrong(`its contract says ${route.status ?? 200}`);
  const { result } = route;
  const type = answer.headers.get("content-type");
  if (isText(result)) {
    if (type !== typeOf(result)) throw wrong(`of type ${type}`);
    const { line } = result;
    if (line) for (const text of (await answer.clone().text()).split("\n")) if (text) line.parse(JSON.parse(text));
    return;
  }
  const body: unknown = await answer.clone().json();
  const parsed = result.safeParse(body);
  if (!parsed.success) throw wrong(parsed.error.message);
  if (!isDeepStrictEqual(parsed.data, body)) throw wrong(`with more than its contract has: ${JSON.stringify(body)}`);
}
