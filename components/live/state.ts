import { type Change, changesOf } from "@/lib/text/changes";
import type { HostCard, HostDelta, HostSnapshot } from "@/lib/wire/model";
import {
  type Address,
  addressText,
  type Mark,
  type Pulse,
  type Step,
  type Watch,
  type WatchReply,
} from "@/lib/wire/socket";
import { topicOf } from "@/lib/wire/topics/find";
import type { TopicId, ViewOf } from "@/lib/wire/topics/registry";

/** A stream that this browser watches. */
export interface Held {
  readonly address: Address;
  /** The state, as its topic keeps it (lib/wire/topics); undefined until it came. */
  readonly view?: unknown;
  readonly mark?: Mark;
  /** Why the server does not show it. */
  readonly refused?: string;
  /** We know that we lack something, and have asked. While one is missing, the dot is not green. */
  readonly missing: boolean;
  /** What changed while it was watched, of a host; newest last. */
  readonly changes: readonly Change[];
}

/** What this browser knows, as one immutable value. Times are this browser's clock unless they came from the server. */
export interface LiveState {
  readonly link: "connecting" | "open" | "broken";
  readonly linkSince: number;
  /** The server turned this browser away: it must log in again. */
  readonly turnedAway?: string;
  readonly collector: "up" | "down" | "unknown";
  readonly collectorSince: number;
  readonly pulseAt?: number;
  /** Server clock minus ours, ms. */
  readonly offset: number;
  /** By stream (addressText). */
  readonly held: ReadonlyMap<string, Held>;
  /** What the server is now: its build, and the number of its wire. */
  readonly server: Pick<Pulse, "build" | "wire">;
  /** Grows when thresholds have changed, or may have: what shows them asks again. */
  readonly settingsRound: number;
}

export type LiveEvent =
  | { readonly kind: "connected" }
  | { readonly kind: "disconnected" }
  | { readonly kind: "turned-away"; readonly reason: string }
  | { readonly kind: "watch"; readonly address: Address }
  | { readonly kind: "unwatch"; readonly address: Address }
  /** A snapshot or a delta in it fits its topic's schema. */
  | { readonly kind: "reply"; readonly address: Address; readonly reply: WatchReply }
  /** The question was never answered. */
  | { readonly kind: "no-reply"; readonly address: Address }
  | { readonly kind: "change"; readonly address: Address; readonly step: Step }
  | { readonly kind: "pulse"; readonly pulse: Pulse }
  | { readonly kind: "settings" };

export interface Next {
  readonly state: LiveState;
  /** Questions to send, in this order. */
  readonly ask: readonly Watch[];
}

/** Changes kept for the Changes tab: an hour of a busy host, and bounded. */
const keptChanges = 2000;

export const initialState = (now: number): LiveState => ({
  link: "connecting",
  linkSince: now,
  collector: "unknown",
  collectorSince: now,
  offset: 0,
  held: new Map(),
  server: {},
  settingsRound: 0,
});

/** What is held of a stream; undefined where it is not watched. */
export const heldOf = (state: LiveState, topic: TopicId, key?: string): Held | undefined =>
  state.held.get(addressText({ topic, ...(key === undefined ? {} : { key }) }));

/** The state of a stream, as its topic keeps it. */
export const viewOf = <T extends TopicId>(state: LiveState, topic: T, key?: string): ViewOf<T> | undefined =>
  heldOf(state, topic, key)?.view as ViewOf<T> | undefined;

export const fleetOf = (state: LiveState): ReadonlyMap<string, HostCard> | undefined => viewOf(state, "fleet");

/** The first host that is watched and there: for what is about the page at which somebody looks. */
export function hostInView(state: LiveState): HostSnapshot | undefined {
  for (const { address, view } of state.held.values())
    if (address.topic === "host" && view !== undefined) return view as HostSnapshot;
  return undefined;
}

const still = (state: LiveState): Next => ({ state, ask: [] });

const put = (state: LiveState, held: Held): LiveState => ({
  ...state,
  held: new Map(state.held).set(addressText(held.address), held),
});

/** The question for a stream: from where we stand, if we stand anywhere. */
const questionOf = ({ address, mark }: Held): Watch => ({ ...address, ...(mark ? { since: mark } : {}) });

/** Asks for what is missing of one stream. */
function askOne(state: LiveState, held: Held): Next {
  const lacking = held.missing ? held : { ...held, missing: true };
  return { state: put(state, lacking), ask: state.link === "open" ? [questionOf(held)] : [] };
}

/** Asks for every stream: nobody told us anything for a while. */
function askAll(state: LiveState): Next {
  const held = new Map([...state.held].map(([name, one]) => [name, { ...one, missing: true }]));
  return { state: { ...state, held }, ask: [...held.values()].map(questionOf) };
}

/** One step of the live view. Pure: the socket is elsewhere. */
export function step(state: LiveState, event: LiveEvent, now: number): Next {
  switch (event.kind) {
    case "connected": {
      const { turnedAway: _, ...rest } = state;
      // Nobody told us anything while the line was cut.
      const settingsRound = state.link === "broken" ? state.settingsRound + 1 : state.settingsRound;
      return askAll({ ...rest, link: "open", linkSince: now, pulseAt: now, settingsRound });
    }
    case "disconnected":
      return still(state.link === "broken" ? state : { ...state, link: "broken", linkSince: now });
    case "turned-away":
      return still({ ...state, link: "broken", linkSince: now, turnedAway: event.reason });
    case "watch": {
      if (state.held.has(addressText(event.address))) return still(state);
      return askOne(state, { address: event.address, missing: true, changes: [] });
    }
    case "unwatch": {
      const held = new Map(state.held);
      return still(held.delete(addressText(event.address)) ? { ...state, held } : state);
    }
    case "reply":
      return onReply(state, event.address, event.reply);
    case "no-reply": {
      // Asking again is the socket's work (it does so on reconnect); until then we are honestly behind.
      const held = state.held.get(addressText(event.address));
      return still(held ? put(state, { ...held, missing: true }) : state);
    }
    case "change":
      return onChange(state, event.address, event.step);
    case "pulse":
      return onPulse(state, event.pulse, now);
    case "settings":
      return still({ ...state, settingsRound: state.settingsRound + 1 });
  }
}

function onReply(state: LiveState, address: Address, reply: WatchReply): Next {
  const held = state.held.get(addressText(address));
  // An answer about what is no longer looked at.
  if (!held) return still(state);
  if (reply.kind === "refused") {
    const { view: _v, mark: _m, ...rest } = held;
    // A topic for all that is refused stays missing: it is refused for a while only.
    return still(put(state, { ...rest, refused: reply.reason, missing: address.key === undefined }));
  }
  const { refused: _, ...rest } = held;
  if (reply.kind === "snapshot") {
    const view = topicOf(address.topic)?.open(reply.snapshot);
    return still(put(state, { ...rest, view, mark: { epoch: reply.epoch, seq: reply.seq }, missing: false }));
  }
  let next = put(state, { ...rest, missing: false });
  for (const one of reply.deltas) {
    const result = onChange(next, address, one);
    if (result.ask.length > 0) return result;
    next = result.state;
  }
  return still(next);
}

function onChange(state: LiveState, address: Address, { epoch, seq, delta }: Step): Next {
  const held = state.held.get(addressText(address));
  if (!held?.mark) return still(state);
  if (epoch === held.mark.epoch && seq <= held.mark.seq) return still(state);
  if (epoch !== held.mark.epoch || seq !== held.mark.seq + 1)
    // Already asked: the answer is under way, and the next pulse asks again in case it was lost.
    return held.missing ? still(state) : askOne(state, held);
  return still(
    put(state, {
      ...held,
      mark: { epoch, seq },
      view: topicOf(address.topic)?.apply(held.view, delta),
      changes: address.topic === "host" ? withNews(held, delta as HostDelta) : held.changes,
    }),
  );
}

function withNews({ view, changes }: Held, delta: HostDelta): readonly Change[] {
  const news = changesOf(view as HostSnapshot, delta);
  return news.length === 0 ? changes : [...changes, ...news].slice(-keptChanges);
}

const sameServer = (a: LiveState["server"], b: LiveState["server"]): boolean =>
  a.build === b.build && a.wire === b.wire;

function onPulse(state: LiveState, pulse: Pulse, now: number): Next {
  const next: LiveState = {
    ...state,
    pulseAt: now,
    offset: pulse.at - now,
    collector: pulse.collector,
    collectorSince: pulse.collector === state.collector ? state.collectorSince : now,
    server: sameServer(state.server, pulse) ? state.server : { build: pulse.build, wire: pulse.wire },
  };
  // A collector that came back has another epoch and perhaps other hosts.
  if (state.collector === "down" && pulse.collector === "up") return askAll(next);
  let result = still(next);
  for (const mark of pulse.marks) {
    const held = result.state.held.get(addressText(mark));
    if (!held?.mark || (held.mark.epoch === mark.epoch && mark.seq <= held.mark.seq)) continue;
    const asked = askOne(result.state, held);
    result = { state: asked.state, ask: [...result.ask, ...asked.ask] };
  }
  return result;
}

export type Liveness =
  | { readonly kind: "live" }
  | { readonly kind: "catching-up" }
  | { readonly kind: "connecting" }
  | { readonly kind: "turned-away" }
  | { readonly kind: "reconnecting" | "silent" | "collector-down"; readonly since: number };

/** Pulses come every two seconds; three lost ones are no hiccup. */
const silence = 6500;

/** What the dot says. Green only when this browser has every change up to now. */
export function livenessOf(state: LiveState, now: number): Liveness {
  if (state.turnedAway !== undefined) return { kind: "turned-away" };
  if (state.link === "connecting") return { kind: "connecting" };
  if (state.link === "broken") return { kind: "reconnecting", since: state.linkSince };
  if (state.pulseAt !== undefined && now - state.pulseAt > silence) return { kind: "silent", since: state.pulseAt };
  if (state.collector === "down") return { kind: "collector-down", since: state.collectorSince };
  for (const { missing } of state.held.values()) if (missing) return { kind: "catching-up" };
  return { kind: "live" };
}
