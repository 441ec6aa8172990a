import type { Attack, Attempt } from "../define";
import type { World } from "../world";

/** Longest that a change on an unconcerned host may take to be told while it is under way, ms: ten times what is usual on a busy machine. */
const bearableMs = 10_000;

/** Runs JavaScript on an open bus connection (`socket`, after the token was sent), and looks meanwhile whether others are still served. */
async function duringIt(
  world: World,
  script: string,
  args: readonly string[] = [],
): Promise<Attempt & { out: string }> {
  const opened = `
const { connect } = require("node:net");
const [, bus, token, ...args] = process.argv;
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const open = () => new Promise((resolve) => {
  const socket = connect(bus, () => { socket.write(JSON.stringify({ token }) + "\\n"); resolve(socket); });
  socket.on("error", () => undefined);
});
setTimeout(() => { console.log("never cut off"); process.exit(); }, 25_000).unref();
(async () => { ${script} })().then((said) => { console.log(said); process.exit(); });`;
  const running = world.web.run(opened, [world.web.bus, world.web.token, ...args]);
  const took = await world.changeArrives(bearableMs);
  const { out, err } = await running;
  if (out === "") throw new Error(`the attacker's own program failed: ${err.slice(0, 400)}`);
  return took === null
    ? { harm: `a change on another host was not told within ${bearableMs / 1000} s`, refused: null, out }
    : { harm: null, refused: `${out}; a change on another host was told in time`, out };
}

const cutOff = `const ended = new Promise((resolve) => socket.on("close", () => resolve("cut off"))); socket.resume();`;

/** What the bus does to whoever writes too much or what is none. */
export const attacks: readonly Attack[] = [
  {
    id: "bus-nonsense",
    finding: 4,
    wants: "a collector that dies of lines that are no requests",
    seen: { log: /not a request/ },
    async attempt(world) {
      const tried = await duringIt(
        world,
        `const socket = await open(); ${cutOff}
const lines = ["{", "[]", "null", "1", '"x"', "{}", '{"id":1}', '{"id":"x","method":"fleet.cards"}', '{"id":1e999,"method":1}', "\\u0000\\u0001", '{"__proto__":{"ok":true}}'];
for (let at = 0; at < 40; at++) socket.write(lines[at % lines.length] + "\\n");
return await ended;`,
      );
      return tried.out === "cut off" ? tried : { harm: `40 lines of nonsense: ${tried.out}`, refused: null };
    },
  },
  {
    id: "bus-huge-line",
    finding: 4,
    wants: "the collector's memory, filled by a line that does not end",
    seen: { log: /line cut/ },
    async attempt(world) {
      const tried = await duringIt(
        world,
        `const socket = await open(); ${cutOff}
const chunk = "x".repeat(1 << 20);
for (let at = 0; at < 64 && !socket.destroyed; at++) { if (!socket.write(chunk)) await Promise.race([ended, new Promise((resolve) => socket.once("drain", resolve))]); }
return await ended;`,
      );
      return tried.out === "cut off" ? tried : { harm: `64 MB in one line: ${tried.out}`, refused: null };
    },
  },
  {
    id: "bus-deep-json",
    finding: 4,
    wants: "a collector that dies of a request nested a hundred thousand deep",
    seen: { log: /refused fleet\.cards: no-session|not a request/ },
    attempt: (world) =>
      duringIt(
        world,
        `const socket = await open(); let said = ""; socket.on("data", (bytes) => { said += bytes; });
const deep = "[".repeat(100_000) + "]".repeat(100_000);
socket.write('{"id":1,"method":"fleet.cards","actor":{"session":""},"params":' + deep + "}\\n");
for (let at = 0; at < 100 && !/"id":[01]/.test(said) && !socket.destroyed; at++) await later(100);
return /"code":"([a-z-]+)"/.exec(said)?.[1] ?? (socket.destroyed ? "cut off" : "no answer");`,
      ),
  },
  {
    id: "bus-flood",
    finding: 12,
    wants: "a collector that is busy with nothing but its requests",
    seen: { log: /: busy|more refusals within a minute|no-session/ },
    attempt: (world) =>
      duringIt(
        world,
        `const socket = await open(); let answers = 0, busy = 0; socket.on("data", (bytes) => { const text = String(bytes); answers += text.split('"ok":').length - 1; busy += text.split('"busy"').length - 1; });
for (let at = 0; at < 20_000; at++) { if (!socket.write(JSON.stringify({ id: at, method: "users.list", actor: { session: "made.up" + at }, params: {} }) + "\\n")) await new Promise((resolve) => socket.once("drain", resolve)); }
await later(4_000);
return answers + " answers, busy: " + (busy > 0);`,
      ),
  },
  {
    id: "bus-many-lines",
    finding: 12,
    wants: "all of the collector's open files, by connections that say nothing",
    seen: { log: /a peer was turned away: it said nothing/ },
    async attempt(world) {
      const tried = await duringIt(
        world,
        `let closed = 0; for (let at = 0; at < 400; at++) { const socket = connect(bus); socket.on("error", () => undefined); socket.on("close", () => { closed++; }); socket.resume(); }
for (let at = 0; at < 200 && closed < 400; at++) await later(100);
return closed === 400 ? "all cut off" : closed + " of 400 cut off";`,
      );
      return tried.out === "all cut off" ? tried : { harm: tried.out, refused: null };
    },
  },
];
