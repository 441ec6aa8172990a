import "@/lib/text/late/inventory";
import "@/lib/text/late/adding";
import { largestCapture } from "@/lib/wire/routes/open-capture";

/** A capture as it is sent; or the key of the text that says why it cannot be. */
export type Chosen = { readonly file: string; readonly content: string } | "captureEmpty" | "captureTooLarge";

/** Larger files are not even read into the page. A plain capture packs to a tenth. */
const mostRead = 16 * largestCapture;

/** Reads the file that somebody has chosen, packs it where it is not yet, and writes it as base64. */
export async function chosenFile(file: File): Promise<Chosen> {
  if (file.size === 0) return "captureEmpty";
  if (file.size > mostRead) return "captureTooLarge";
  const bytes = new Uint8Array(await file.arrayBuffer());
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b ? bytes : await gzip(bytes);
  if (packed.length > largestCapture) return "captureTooLarge";
  return { file: nameOf(file.name), content: base64(packed) };
}

/** The name that the server takes: no folder, no control characters, at most 200 characters. */
const nameOf = (name: string) =>
  name
    .replace(/[/\\\p{Cc}]/gu, "_")
    .trim()
    .slice(0, 200) || "capture";

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** In pieces: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
