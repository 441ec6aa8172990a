import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printed, probe } from "./dhcp-answers";
import { readOffer } from "./dhcp-frame";
import { bytesOf, parseItems, printItem } from "./items";

const parse = (text: string) => probe.parse({ stdout: bytesOf(printItem("segments", text)), exit: 0 });

/** The first frame of the recorded example. */
function recorded(): Uint8Array {
  const [item] = parseItems(bytesOf(probe.examples[0]?.stdout ?? ""));
  const lines = String.fromCharCode(...(item?.bytes ?? [])).split("\n");
  const hex = lines.slice(2, 24).map((line) => line.replace(/^\t0x\w+: {2}/, "").replaceAll(" ", ""));
  return Uint8Array.from((hex.join("").match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
}

describe("a DHCP frame", () => {
  it("is read as recorded", () => {
    expect(readOffer(recorded())).toMatchObject({ server: "192.168.50.1", kind: "offer", prefix: 24 });
  });

  it("cut anywhere in its head or its options is none", () => {
    const whole = recorded();
    const end = whole.lastIndexOf(0xff);
    for (let length = 0; length < 14 + 20 + 8 + 240; length++)
      expect(readOffer(whole.subarray(0, length))).toBeUndefined();
    expect(readOffer(whole.subarray(0, end + 1))).toBeDefined();
  });

  it("never throws, whatever its bytes are", () => {
    const whole = recorded();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 12 }),
        fc.nat({ max: whole.length }),
        (edits, length) => {
          const frame = Uint8Array.from(whole);
          for (const [at, byte] of edits) frame[at] = byte;
          const offer = readOffer(frame.subarray(0, length));
          if (offer) expect(offer.server).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("with another protocol, a fragment, a request or a wrong cookie is none", () => {
    for (const [at, byte] of [
      [12, 0x86],
      [14, 0x65],
      [14, 0x41],
      [20, 0x20],
      [23, 6],
      [42, 1],
      [278, 0],
    ] as const) {
      const frame = recorded();
      frame[at] = byte;
      expect(readOffer(frame), `byte ${at}`).toBeUndefined();
    }
  });
});

describe("a segment", () => {
  it("keeps a server that answers ten times once, and what is no DHCP not at all", () => {
    const [item] = parseItems(bytesOf(probe.examples[0]?.stdout ?? ""));
    const text = String.fromCharCode(...(item?.bytes ?? []));
    const body = text.slice(text.indexOf("\n") + 1, text.lastIndexOf("#end"));
    const junk = printed("10.9.9.9", "5254005b0009 0800 45 00");
    const [segment] = parse(`@ br0\n${body.repeat(10)}${junk}#end`);
    expect(segment?.answers.map((one) => one.server)).toEqual(["192.168.50.1", "10.20.0.1"]);
  });

  it("does not take a frame's text for its own marks", () => {
    expect(() => parse("!deaf\n@ br0\n#end")).toThrow(/cannot read/);
    expect(() => parse("@ br0\n")).toThrow(/cut/);
  });
});
