import type { SettingValues } from "@/lib/checks/settings";
import type { HostCard, HostDelta, HostInfo } from "@/lib/wire/model";
import { Bulkhead } from "../bulkhead";
import type { HostEngine } from "../engine/api";
import type { ActorDeps } from "../fleet/actor";
import type { FleetHost } from "../sources/define";
import { SshFailure } from "../ssh/api";
import { CaptureError, readCapture } from "./format";
import { infoOf, play, readAt } from "./play";

/**
 * Bytes that a capture in the fleet may have, unpacked. A host of 60 guests says some 0.5 MB a sweep; what is read takes
 * up to twelve times as much memory while it is (ssh/budget.ts).
 */
export const largestOpened = 32 * 1024 * 1024;

export type CaptureDeps = Pick<ActorDeps, "log" | "onDelta" | "renew" | "budget">;

/** A capture among the hosts of the fleet: played once when it starts. Nothing connects, nothing is asked, nothing is pressed. */
export class CapturedHost implements FleetHost {
  readonly connection = undefined;
  readonly question = undefined;
  private current: HostInfo;
  private played = false;
  private readonly guard = new Bulkhead(({ where, error }) => {
    this.deps.log("fault", { where, reason: error.stack ?? error.message });
    this.failed(`a fault of ours, ${where}: ${error.message.slice(0, 200)}`);
  });

  constructor(
    /** The file, base64. Not kept once it was played: the store has it. */
    private packed: string,
    readonly engine: HostEngine,
    info: HostInfo,
    private readonly deps: CaptureDeps,
  ) {
    this.current = info;
  }

  get info(): HostInfo {
    return this.current;
  }

  /** All that there is to read was read. */
  get readAll(): boolean {
    return this.played;
  }

  card(): HostCard {
    return this.engine.card();
  }

  start(): void {
    // Not at once: a collector that starts with many of them must come to its other hosts in between.
    setImmediate(() => this.guard.run("playing a capture", () => this.play()));
  }

  stop(): void {
    this.packed = "";
    this.deps.budget.close();
  }

  retry(): void {
    // There is nothing to try again: a person who asks for it was refused before (methods.ts).
  }

  /** A capture does not change; only its name may. */
  reconfigure(_spec: unknown, name: string): void {
    this.current = { ...this.current, name };
    this.emit(this.engine.host(this.current));
  }

  async readNow(): Promise<void> {
    throw new SshFailure("lost", `${this.current.id} is a capture: there is no host to read`);
  }

  /** What other hosts tell is of now, and this is of then. */
  tell(): boolean {
    return false;
  }

  setSettings(settings: SettingValues): void {
    this.guard.run("other thresholds", () => this.emit(this.engine.setSettings(settings)));
  }

  private play(): void {
    if (this.packed === "") return;
    try {
      const capture = readCapture(Buffer.from(this.packed, "base64"), this.current.address, largestOpened);
      this.packed = "";
      // The page learns of it once, when all of it is there: the sweeps in between are nobody's news.
      const { unknown } = play(capture, this.engine, this.deps.budget.sweep());
      const at = readAt(capture);
      const left = unknown.length === 0 ? undefined : `probes of another version are left out: ${unknown.join(", ")}`;
      const reason = [infoOf(capture).reason, left].filter(Boolean).join("; ");
      this.played = true;
      this.current = {
        ...this.current,
        ...infoOf(capture),
        state: "captured",
        since: at,
        seenAt: at,
        ...(reason === "" ? {} : { reason }),
      };
      this.deps.log("capture-played", { sweeps: capture.sweeps.length, unknown: unknown.length });
      this.emit(this.engine.host(this.current));
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.failed(error.message);
    }
  }

  private failed(reason: string): void {
    this.packed = "";
    this.current = { ...this.current, state: "failed", reason, since: Date.now() };
    try {
      this.emit(this.engine.host(this.current));
    } catch (error) {
      // An engine that cannot even say this shows nothing more; the others must not end with it.
      this.deps.log("fault", { where: "publishing a state", reason: String(error) });
    }
  }

  private emit(delta: HostDelta | undefined): void {
    if (delta) this.deps.onDelta(delta);
  }
}
