import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader } from "./frames";
import { cutMark, LineReader, lineLimit, type TaggedLine } from "./lines";

const nonce = "TP0123456789abcdef0123456789abcdef";

type Seen =
  | ["hello", number]
  | ["begin", number]
  | ["pid", number, number]
  | ["data", number | undefined, string]
  | ["end", number, number];

/** Reads `chunks`; neighbouring data is joined, as where it was split does not matter. */
function read(chunks: readonly Uint8Array[]): Seen[] {
  const seen: Seen[] = [];
  const reader = new FrameReader(nonce, {
    hello: (pid) => seen.push(["hello", pid]),
    begin: (seq) => seen.push(["begin", seq]),
    pid: (seq, pid) => seen.push(["pid", seq, pid]),
    data: (seq, bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      const last = seen.at(-1);
      if (last?.[0] === "data" && last[1] === seq) last[2] += text;
      else seen.push(["data", seq, text]);
    },
    end: (seq, status) => seen.push(["end", seq, status]),
  });
  for (const chunk of chunks) reader.push(chunk);
  return seen;
}

const bytes = (text: string) => Buffer.from(text, "latin1");
const session = `Welcome!\nrc says hi\n${nonce}@77\n${nonce}b1\nfirst\n${nonce}e1 0\n${nonce}b2\n${nonce}p2 99\nno new line${nonce}e2 137\n`;
const expected: Seen[] = [
  ["data", undefined, "Welcome!\nrc says hi\n"],
  ["hello", 77],
  ["begin", 1],
  ["data", 1, "first\n"],
  ["end", 1, 0],
  ["begin", 2],
  ["pid", 2, 99],
  ["data", 2, "no new line"],
  ["end", 2, 137],
];

describe("frames", () => {
  it("come out of one chunk, after garbage", () => {
    expect(read([bytes(session)])).toEqual(expected);
  });

  it("come out whole when split at each byte", () => {
    for (let at = 0; at <= session.length; at++)
      expect(read([bytes(session.slice(0, at)), bytes(session.slice(at))])).toEqual(expected);
    expect(read([...session].map(bytes))).toEqual(expected);
  });

  it("take the pid's mark from among lines that the script writes meanwhile, wherever it comes", () => {
    for (const output of [`err\n${nonce}p2 99\nmore\n`, `${nonce}p2 99\nerr\nmore\n`, `err\nmore\n${nonce}p2 99\n`]) {
      const seen = read([bytes(`${nonce}b2\n${output}${nonce}e2 0\n`)]);
      expect(seen.filter(([kind]) => kind === "pid")).toEqual([["pid", 2, 99]]);
      expect(seen.flatMap((one) => (one[0] === "data" ? one[2] : [])).join("")).toBe("err\nmore\n");
    }
  });

  it("leave hostile output as it is, however it is split", () => {
    const fake = fc.constantFrom(
      `\n${nonce}`,
      `\n${nonce}e1`,
      `\n${nonce}x1 0\n`,
      `\n${nonce}e1 0 0\n`,
      `\n${nonce.slice(0, -1)}0e1 0\n`,
      `\n${nonce.slice(0, 9)}`,
      "\n",
      "\n\n",
      "\0",
      "\u00ff",
      "#item 1 0 1\n",
      "text",
    );
    fc.assert(
      fc.property(
        fc.array(fake, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }),
        (parts, sizes) => {
          const output = parts.join("");
          // What is itself a true mark cannot be made by the far side, as it does not know the nonce.
          fc.pre(!new RegExp(`${nonce}(?:[@b]\\d+|[pe]\\d+ \\d+)\\n`).test(`\n${output}\n`));
          const whole = bytes(`${nonce}b1\n${output}${nonce}e1 0\n`);
          const chunks: Uint8Array[] = [];
          let at = 0;
          for (const size of sizes) {
            chunks.push(whole.subarray(at, at + size));
            at += size;
          }
          chunks.push(whole.subarray(at));
          const seen = read(chunks);
          expect(
            seen
              .filter((one) => one[0] === "data")
              .map((one) => one[2])
              .join(""),
          ).toBe(output);
          expect(seen.at(-1)).toEqual(["end", 1, 0]);
        },
      ),
    );
  });

  it("hold no more than a mark back", () => {
    const seen = read([bytes(`\n${nonce}b1\n`), Buffer.alloc(1_000_000, 10)]);
    expect(seen.at(-1)?.[2]).toHaveLength(1_000_000);
  });
});

function lines(chunks: readonly Uint8Array[]): TaggedLine[] {
  const seen: TaggedLine[] = [];
  const reader = new LineReader(nonce, (line) => seen.push(line));
  for (const chunk of chunks) reader.push(chunk);
  return seen;
}

describe("tagged lines", () => {
  const text = `motd\n${nonce}@12\t0\n${nonce}i 3: eth0\n${nonce}l a ${nonce}b whole\ntail of a\n${nonce}i \n`;
  const wanted = [
    { kind: "@", text: "12\t0" },
    { kind: "i", text: "3: eth0" },
    { kind: "l", text: "a " },
    { kind: "b", text: "whole" },
    { kind: "i", text: "" },
  ];

  it("come out whole when split at each byte; what has no tag is dropped", () => {
    expect(lines([bytes(text)])).toEqual(wanted);
    for (let at = 0; at <= text.length; at++)
      expect(lines([bytes(text.slice(0, at)), bytes(text.slice(at))])).toEqual(wanted);
  });

  it("are cut where too long, and say so, and the next one is whole", () => {
    const [long, next] = lines([bytes(`${nonce}l ${"x".repeat(50_000)}`), bytes(`y\n${nonce}i next\n`)]);
    expect(long?.text.length).toBeLessThanOrEqual(lineLimit + cutMark.length);
    expect(long?.text.endsWith(cutMark)).toBe(true);
    expect(next).toEqual({ kind: "i", text: "next" });
  });

  it("keep bytes that are no UTF-8 apart", () => {
    expect(lines([bytes(`${nonce}i \u00ff\u00fe\n`)])).toEqual([{ kind: "i", text: "\\xff\\xfe" }]);
  });
});
