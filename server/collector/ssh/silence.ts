import type { Duplex } from "node:stream";

/** How often is looked, ms. */
const lookMs = 2_000;

export interface Patience {
  /** Longest time without a byte once the far end has spoken, ms. Somebody has to make it speak: with a ping every 4 s, two in a row are unanswered after 10 s. */
  readonly silentMs: number;
  /**
   * The same for its first byte. sshd opens the session of a login by PAM before it answers anything, which takes as long as its modules do: a host under load, or one whose
   * logind hangs, is slow and not dead (pam_open_session(3), sshd_config(5) UsePAM).
   */
  readonly openingMs: number;
}

/**
 * Calls `onSilent` once, when nothing was heard for longer than patience allows. Time in which this process itself stood still (a laptop that slept) is nobody's silence.
 * Returns how to stop.
 */
export function watchSilence(
  stream: Duplex,
  { silentMs, openingMs }: Patience,
  onSilent: (ms: number) => void,
): () => void {
  let heardAt = Date.now();
  let lookedAt = heardAt;
  let patienceMs = openingMs;
  const hear = () => {
    heardAt = Date.now();
    patienceMs = silentMs;
  };
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - lookedAt > 2 * lookMs || now < lookedAt) heardAt = now;
    lookedAt = now;
    if (now - heardAt < patienceMs) return;
    stop();
    onSilent(patienceMs);
  }, lookMs);
  timer.unref();
  const stop = () => {
    clearInterval(timer);
    stream.off("data", hear);
  };
  stream.on("data", hear);
  return stop;
}
