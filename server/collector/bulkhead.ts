/** A fault of ours: an exception that nobody expected, and what was being done. */
export interface Fault {
  readonly where: string;
  readonly error: Error;
}

/** What goes wrong in the work for one host stays with that host: everything that runs for it outside of a `try` of its own (timers, callbacks, microtasks, promises) goes through here. */
export class Bulkhead {
  constructor(private readonly onFault: (fault: Fault) => void) {}

  /** `work`, with whatever it throws, or its promise rejects with, told as a fault. It never throws. */
  around<A extends readonly unknown[]>(where: string, work: (...args: A) => unknown): (...args: A) => void {
    return (...args) => {
      try {
        const result = work(...args);
        if (result instanceof Promise) result.catch((error: unknown) => this.tell(where, error));
      } catch (error) {
        this.tell(where, error);
      }
    };
  }

  /** Does `work` now. */
  run(where: string, work: () => unknown): void {
    this.around(where, work)();
  }

  /** setTimeout for one host's work. */
  later(where: string, work: () => unknown, ms: number): NodeJS.Timeout {
    return setTimeout(this.around(where, work), ms);
  }

  tell(where: string, error: unknown): void {
    this.onFault({ where, error: error instanceof Error ? error : new Error(String(error)) });
  }
}
