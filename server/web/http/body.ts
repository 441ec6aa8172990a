import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { badBody, HttpProblem } from "./problem";

/**
 * Reads and checks a JSON body of at most `maxBytes`.
 * @throws HttpProblem 413, 415 or 400; the message names the field that is wrong.
 */
export async function readBody<T extends z.ZodType>(
  request: IncomingMessage,
  schema: T,
  maxBytes: number,
): Promise<z.output<T>> {
  const type = request.headers["content-type"] ?? "";
  // A form of another site can send text/plain or form data without asking first, but not JSON.
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new HttpProblem(415, "media-type", "Send the body as application/json.");
  const text = await readText(request, maxBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpProblem(400, "bad-request", "The body is not valid JSON.");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badBody(parsed.error);
  return parsed.data;
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const tooLarge = () => new HttpProblem(413, "too-large", `The body is larger than ${maxBytes} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new HttpProblem(400, "bad-request", "The body is not bytes.");
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
