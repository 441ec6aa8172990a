import type { Finding } from "@/lib/checks/finding";
import { diffKeyed, type Part } from "@/lib/diff/keyed";
import type { Json } from "@/lib/graph/model";
import { problemsOf } from "@/lib/problems/derive";
import { Occurrences } from "@/lib/problems/occurrences";
import type { Problem } from "@/lib/problems/problem";

/** The problems of one host, as published: the only place that makes them while a host is watched. */
export class Problems {
  readonly #occurrences: Occurrences;
  #shown: ReadonlyMap<string, Problem> = new Map();
  /** Worst first. */
  #ranked: readonly Problem[] = [];

  constructor(memory: Json | undefined) {
    this.#occurrences = new Occurrences(memory);
  }

  /** By key. */
  get shown(): ReadonlyMap<string, Problem> {
    return this.#shown;
  }

  /** Worst first. */
  get ranked(): readonly Problem[] {
    return this.#ranked;
  }

  /**
   * Follows the findings and says what is different from before.
   *
   * @param part what was published of the findings just now; where nothing was, no problem is another.
   * @param shown all findings, as published.
   * @param faultKeys keys of those that tell of a fault: on a host that is read without root they are few among many.
   */
  follow(
    part: Part<Finding> | undefined,
    shown: ReadonlyMap<string, Finding>,
    faultKeys: Iterable<string>,
    at: number,
  ): Part<Problem> | undefined {
    if (!part) return undefined;
    const faults = [...faultKeys].flatMap((key) => shown.get(key) ?? []);
    for (const key of part.drop) this.#occurrences.gone(key, at);
    this.#ranked = problemsOf(faults, (head) => this.#occurrences.there(head.key, head.since));
    this.#occurrences.prune(at);
    const before = this.#shown;
    const after = new Map(this.#ranked.map((problem) => [problem.key, problem]));
    const different = diffKeyed(before, after);
    this.#shown = after;
    return different;
  }

  /** Forgets problems of an earlier engine that are over, and were not seen to go. */
  tidy(isOver: (key: string) => boolean): void {
    for (const key of this.#occurrences.open()) if (!this.#shown.has(key) && isOver(key)) this.#occurrences.forget(key);
  }

  memory(): Json {
    return this.#occurrences.dump();
  }
}
