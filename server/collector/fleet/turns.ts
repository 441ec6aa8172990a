/**
 * Takes its turn among all hosts: one piece of work that can wait in each round of the event loop.
 *
 * Judging what a sweep read takes 1 to 15 ms. Where many hosts' readings come in together, done one after the other in one go they held up a link change of
 * another host by half a second (200 hosts). Between two turns the loop reads its sockets, and a link change is judged at once, before the next turn.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, in the order of asking. */
  take(): Promise<void> {
    this.#last = this.#last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.#last;
  }
}
