import type { Probe } from "@/lib/probes/define";
import type { Bulkhead } from "../bulkhead";

/** Notices that a host was asked something and says nothing, though its connection stands. */
export class Silence {
  private heardAt = Date.now();
  /** Longest limit of each round of readings under way, ms. */
  private readonly outstanding = new Map<number, number>();
  private next = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silent = false;
  private stopped = false;

  constructor(
    /** Silence beyond the limit of what was asked, after which it counts, ms. */
    private readonly silentMs: number,
    private readonly guard: Bulkhead,
    private readonly onChange: () => void,
  ) {}

  get isSilent(): boolean {
    return this.silent;
  }

  /** These are asked for now. Returns what is to be called when they have ended. */
  asked(probes: readonly Probe[]): () => void {
    const ticket = this.next++;
    // Nothing was asked, so nothing was to be heard: the silence begins now.
    if (this.outstanding.size === 0) this.heardAt = Date.now();
    this.outstanding.set(ticket, Math.max(...probes.map((probe) => probe.timeoutMs)));
    this.watch();
    return () => {
      this.outstanding.delete(ticket);
      this.watch();
    };
  }

  heard(): void {
    this.heardAt = Date.now();
    if (!this.silent) return;
    this.silent = false;
    this.watch();
    this.onChange();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** One timer for the whole session, only while something is asked. */
  private watch(): void {
    clearTimeout(this.timer);
    if (this.stopped || this.silent || this.outstanding.size === 0) return;
    const limit = this.silentMs + Math.max(...this.outstanding.values());
    const check = () => {
      if (Date.now() - this.heardAt < limit) {
        this.watch();
        return;
      }
      this.silent = true;
      this.onChange();
    };
    const ms = Math.max(1, this.heardAt + limit - Date.now());
    this.timer = this.guard.later("the watch for silence", check, ms);
  }
}
