import { describe, expect, it } from "vitest";
import { Change, commandsOf, programs, touchesOf } from "./change";
import { kinds } from "./kinds/registry";
import { Device, FilterDevice, PlainDevice } from "./shapes";
import { effects } from "./touch";

const all = Object.entries(kinds).map(([id, kind]) => ({ id, ...kind }));

/** Programs that would run whatever they are given. */
const runners =
  /^(?:(?:ba|da|a|k|z|c|tc|fi)?sh|busybox|env|sudo|su|doas|xargs|find|awk|perl|python.*|node|ssh|nsenter|chroot|unshare|systemd-run|eval)$/;

/** Copies of a value in which one text after the other is replaced; the name of the kind stays. */
function* withText(value: unknown, text: string): Generator<unknown> {
  if (typeof value === "string") yield text;
  else if (Array.isArray(value))
    for (const [at, part] of value.entries()) for (const one of withText(part, text)) yield value.with(at, one);
  else if (typeof value === "object" && value !== null)
    for (const [key, part] of Object.entries(value))
      if (key !== "kind") for (const one of withText(part, text)) yield { ...value, [key]: one };
}

describe.each(all)("a change of kind $id", ({ id, schema, example, programs: own, settles }) => {
  it("is named as its file, and leads to the commands of its example", () => {
    expect(schema.shape.kind.value).toBe(id);
    const change = Change.parse(example.change);
    expect(change).toEqual(example.change);
    const commands = commandsOf(change);
    expect(commands.do.join(" ")).toBe(example.do);
    expect(commands.undo.join(" ")).toBe(example.undo);
    for (const argv of [commands.do, commands.undo]) expect(own).toContain(argv[0]);
  });

  it("names programs that run nothing but themselves, looked up by the host", () => {
    for (const program of own) {
      expect(program).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(program).not.toMatch(runners);
      expect(programs).toContain(program);
    }
  });

  it("says what it touches, and how long it takes to show", () => {
    const touches = touchesOf(Change.parse(example.change));
    expect(touches.length).toBeGreaterThan(0);
    for (const { effect } of touches) expect(effects).toContain(effect);
    expect(settles.ms).toBeGreaterThanOrEqual(1_000);
    expect(settles.because.zh).toMatch(/[\u4e00-\u9fff]/);
  });

  it("takes no key too many, and none too few of what was there before", () => {
    expect(Change.safeParse({ ...example.change, undo: ["id"] }).success).toBe(false);
    const { was: _, ...without } = example.change;
    expect(Change.safeParse(without).success).toBe(false);
  });

  it("lets no text become an option, a second word or nothing", () => {
    const hostile = [
      "",
      "-rf",
      "--all",
      ";reboot",
      "$(id)",
      "a b",
      "a\nb",
      "a\0b",
      "\u001b[2J",
      "é".repeat(8),
      "x".repeat(300),
    ];
    for (const text of hostile)
      for (const copy of withText(example.change, text)) {
        const read = Change.safeParse(copy);
        if (!read.success) continue;
        for (const argv of Object.values(commandsOf(read.data)) as (readonly string[])[]) {
          const at = argv.indexOf(text);
          if (at < 0) continue;
          expect(text).not.toMatch(/\s|\0|^$|.{201}/);
          // Behind these words ip and bridge read a name, whatever it begins with.
          if (text.startsWith("-")) expect(["dev", "master"]).toContain(argv[at - 1]);
        }
      }
  });
});

describe("names of interfaces", () => {
  it("are those that the kernel takes", () => {
    for (const name of ["eth0", "-rf", ";reboot", "$(id)", "a.b@c", "éééééé", "__proto__", "x".repeat(15), "..."])
      expect(Device.safeParse(name).success, name).toBe(true);
    for (const name of ["", ".", "..", "a b", "a\tb", "a/b", "a:b", "a\0", "x".repeat(16), "é".repeat(8)])
      expect(Device.safeParse(name).success, name).toBe(false);
  });

  it("are narrower where a program would read more into them", () => {
    expect(PlainDevice.safeParse("-rf").success).toBe(false);
    for (const name of ["eth+", "!eth0", "-i", "$(id)"]) expect(FilterDevice.safeParse(name).success, name).toBe(false);
  });
});

it("a kind that there is not is refused, also by the name of a prototype's member", () => {
  for (const kind of ["shell", "constructor", "__proto__", undefined])
    expect(Change.safeParse({ kind, to: "up", was: "down", device: "br0" }).success).toBe(false);
});
