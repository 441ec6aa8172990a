import { applyDelta } from "@/lib/diff/snapshot";
import { type Change, changesOf } from "@/lib/text/changes";
import type { HostCard, HostDelta, HostSnapshot } from "@/lib/wire/model";
import type { FleetChange, Pulse, RemedyProgress, Watch, WatchReply } from "@/lib/wire/socket";

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
  readonly fleet?: ReadonlyMap<string, HostCard>;
  readonly watching?: string;
  readonly host?: HostSnapshot;
  readonly hostRefused?: string;
  /** "fleet" or host ids of which we know that we lack something, and have asked. While it is not empty, the dot is not green. */
  readonly missing: ReadonlySet<string>;
  /** Newest last. */
  readonly changes: readonly Change[];
  readonly remedies: ReadonlyMap<string, readonly RemedyProgress[]>;
  /** Grows when thresholds have changed, or may have: what shows them asks again. */
  readonly settingsRound: number;
}

export type LiveEvent =
  | { readonly kind: "connected" }
  | { readonly kind: "disconnected" }
  | { readonly kind: "turned-away"; readonly reason: string }
  | { readonly kind: "watch-host"; readonly host: string }
  | { readonly kind: "unwatch-host"; readonly host: string }
  | { readonly kind: "reply"; readonly what: string; readonly reply: WatchReply }
  /** The question was never answered. */
  | { readonly kind: "no-reply"; readonly what: string }
  | { readonly kind: "delta"; readonly delta: HostDelta }
  | { readonly kind: "fleet"; readonly change: FleetChange }
  | { readonly kind: "pulse"; readonly pulse: Pulse }
  | { readonly kind: "remedy"; readonly progress: RemedyProgress }
  | { readonly kind: "settings" };

export interface Step {
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
  missing: new Set(),
  changes: [],
  remedies: new Map(),
  settingsRound: 0,
});

const still = (state: LiveState): Step => ({ state, ask: [] });

const lacking = (state: LiveState, ...what: readonly string[]): LiveState => ({
  ...state,
  missing: new Set([...state.missing, ...what]),
});

function complete(state: LiveState, what: string): LiveState {
  if (!state.missing.has(what)) return state;
  const missing = new Set(state.missing);
  missing.delete(what);
  return { ...state, missing };
}

/** The question for a host: from where we stand, if we stand anywhere. */
function askHost(state: LiveState): Watch[] {
  if (state.watching === undefined) return [];
  const { host } = state;
  const since = host?.host.id === state.watching ? { epoch: host.epoch, seq: host.seq } : undefined;
  return [{ what: state.watching, ...(since ? { since } : {}) }];
}

/** One step of the live view. Pure: the socket is elsewhere. */
export function step(state: LiveState, event: LiveEvent, now: number): Step {
  switch (event.kind) {
    case "connected": {
      const { turnedAway: _, ...rest } = state;
      const ask = [{ what: "fleet" }, ...askHost(state)];
      // Nobody told us anything while the line was cut.
      const settingsRound = state.link === "broken" ? state.settingsRound + 1 : state.settingsRound;
      const next: LiveState = { ...rest, link: "open", linkSince: now, pulseAt: now, settingsRound };
      return { state: lacking(next, ...ask.map((w) => w.what)), ask };
    }
    case "disconnected":
      return still(state.link === "broken" ? state : { ...state, link: "broken", linkSince: now });
    case "turned-away":
      return still({ ...state, link: "broken", linkSince: now, turnedAway: event.reason });
    case "watch-host": {
      if (state.watching === event.host) return still(state);
      const { host: _h, hostRefused: _r, ...rest } = state;
      const next = lacking({ ...forget(rest, state.watching), watching: event.host, changes: [] }, event.host);
      return { state: next, ask: next.link === "open" ? askHost(next) : [] };
    }
    case "unwatch-host": {
      if (state.watching !== event.host) return still(state);
      const { host: _h, hostRefused: _r, watching: _w, ...rest } = state;
      return still({ ...forget(rest, event.host), changes: [] });
    }
    case "reply":
      return onReply(state, event.what, event.reply, now);
    case "no-reply":
      // Asking again is the socket's work (it does so on reconnect); until then we are honestly behind.
      return still(event.what === "fleet" || event.what === state.watching ? lacking(state, event.what) : state);
    case "delta":
      return onDelta(state, event.delta);
    case "fleet": {
      if (!state.fleet) return still(state);
      const fleet = new Map(state.fleet);
      for (const id of event.change.drop) fleet.delete(id);
      for (const card of event.change.put) fleet.set(card.host.id, card);
      return still({ ...state, fleet });
    }
    case "pulse":
      return onPulse(state, event.pulse, now);
    case "remedy": {
      const remedies = new Map(state.remedies);
      remedies.set(event.progress.run, [...(remedies.get(event.progress.run) ?? []), event.progress]);
      return still({ ...state, remedies });
    }
    case "settings":
      return still({ ...state, settingsRound: state.settingsRound + 1 });
  }
}

/** What is no longer looked at cannot be missing. */
const forget = (state: LiveState, host: string | undefined): LiveState =>
  host === undefined ? state : complete(state, host);

function onReply(state: LiveState, what: string, reply: WatchReply, now: number): Step {
  if (reply.kind === "fleet") {
    const fleet = new Map(reply.cards.map((c) => [c.host.id, c]));
    return still(complete({ ...state, fleet, offset: reply.at - now }, "fleet"));
  }
  // An answer about a host that is no longer looked at, or a fleet that was refused: it stays missing.
  if (what !== state.watching) return still(state);
  if (reply.kind === "refused") {
    const { host: _, ...rest } = state;
    return still(complete({ ...rest, hostRefused: reply.reason }, what));
  }
  if (reply.kind === "snapshot") {
    if (reply.snapshot.host.id !== what) return still(state);
    const { hostRefused: _, ...rest } = state;
    return still(complete({ ...rest, host: reply.snapshot }, what));
  }
  let next: LiveState = complete(state, what);
  for (const delta of reply.deltas) {
    const result = onDelta(next, delta);
    if (result.ask.length) return result;
    next = result.state;
  }
  return still(next);
}

function onDelta(state: LiveState, delta: HostDelta): Step {
  const { host } = state;
  if (!host || delta.host !== state.watching) return still(state);
  if (delta.epoch === host.epoch && delta.seq <= host.seq) return still(state);
  if (delta.epoch !== host.epoch || delta.seq !== host.seq + 1) {
    // Already asked: the answer is under way, and the next pulse asks again in case it was lost.
    if (state.missing.has(delta.host)) return still(state);
    return { state: lacking(state, delta.host), ask: askHost(state) };
  }
  const news = changesOf(host, delta);
  const changes = news.length === 0 ? state.changes : [...state.changes, ...news].slice(-keptChanges);
  return still({ ...state, host: applyDelta(host, delta), changes });
}

function onPulse(state: LiveState, pulse: Pulse, now: number): Step {
  const next: LiveState = {
    ...state,
    pulseAt: now,
    offset: pulse.at - now,
    collector: pulse.collector,
    collectorSince: pulse.collector === state.collector ? state.collectorSince : now,
  };
  const { host } = next;
  const isGap =
    host !== undefined &&
    pulse.watching === next.watching &&
    pulse.seq !== undefined &&
    (pulse.epoch !== host.epoch || pulse.seq > host.seq);
  if (isGap) return { state: lacking(next, host.host.id), ask: askHost(next) };
  // A collector that came back has another epoch and perhaps other hosts.
  if (state.collector === "down" && pulse.collector === "up") {
    const ask = [{ what: "fleet" }, ...askHost(next)];
    return { state: lacking(next, ...ask.map((w) => w.what)), ask };
  }
  return still(next);
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
  if (state.missing.size > 0) return { kind: "catching-up" };
  return { kind: "live" };
}
