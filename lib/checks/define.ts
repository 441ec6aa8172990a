import type { Facts } from "../facts/facts";
import type { EdgeKind, GraphEdge, GraphNode, NodeKind, NodeOf } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { FactOf, ProbeId } from "../probes/registry";
import { filled, type Params, type Wording } from "../wording";

export const layers = ["host", "physical", "bond", "bridge", "vlan", "tap", "ovs", "addressing", "filtering"] as const;
export type Layer = (typeof layers)[number];

/** A command that a person can run again on the host, and the part of its output that decides. */
export interface Evidence {
  readonly command: string;
  readonly excerpt: string;
}

/** What a check says of one subject. `null`: the check does not apply to it (a gateway check on a port without address). */
export type Verdict =
  | null
  | { readonly status: "pass" }
  | { readonly status: "unknown"; readonly because: Wording }
  | {
      readonly status: "fail" | "warn";
      /**
       * Values for the places in the wording, e.g. {nic: "eth0"}. Names, commands and numbers as they are; words of ours in every language
       * (a Wording, made with `filled` or `listed`), for they travel with the finding.
       */
      readonly params: Params;
      readonly evidence: readonly [Evidence, ...Evidence[]];
      /** Edges that this fault cuts: drawn red, and taken out when impacts are computed. */
      readonly breaks?: readonly string[];
      /** True when the subject itself passes nothing any more (default for status fail on a node: true; for warn: false). */
      readonly cuts?: boolean;
      /** Other nodes that share in the fault (the other owner of a duplicate MAC). */
      readonly alsoOn?: readonly string[];
    };

export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** What a check may look at. Reading a fact that is not there throws Unread: the engine makes the verdict *unknown, because*. */
export interface CheckView<N extends ProbeId = ProbeId> {
  readonly host: string;
  readonly now: number;
  readonly graph: GraphView;
  /** The fact of one of the probes that the check declared in `needs`; throws Unread. */
  fact<P extends N>(probe: P): FactOf<P>;
  /** Same, undefined where the host has no such tool or subsystem. */
  factOrAbsent<P extends N>(probe: P): FactOf<P> | undefined;
  /** The fact or undefined for any reason: for `optional` probes, which add detail but never decide. */
  factIfRead<P extends ProbeId>(probe: P): FactOf<P> | undefined;
  /** When a declared fact was read by our clock (end of the reading), and how long that took, ms; for what is compared with our own time. Undefined where it was not read. */
  readAt(probe: ProbeId): { readonly at: number; readonly ms: number | undefined } | undefined;
  /** Samples of a counter that the check tracks, oldest first, of this subject. */
  samples(track: string): readonly Sample[];
  /** A threshold of the check, as set by the operator or its default. */
  setting(name: string): number;
}

/**
 * A threshold that an admin may change. `max` of a time is at most what the check's tracks remember: beyond that it would judge a shorter time than it says
 * (contract.test.ts holds them against each other).
 */
export interface CheckSetting {
  readonly title: Wording;
  readonly default: number;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Parts of the unit make sense (0.5 s). Otherwise only whole numbers are taken. */
  readonly fraction?: true;
  /** Name of another threshold of this check that this one cannot exceed: a warning that comes after the fault would never be seen. */
  readonly atMost?: string;
}

/** A counter that is sampled at each sweep and kept for `windowMs`, so that rates and flaps can be judged and survive a restart. */
export interface CheckTrack<N extends ProbeId = ProbeId> {
  readonly windowMs: number;
  sample(subject: GraphNode | GraphEdge, view: CheckView<N>): number | undefined;
}

export type SubjectKind = NodeKind | `edge:${EdgeKind}`;

/** Small stand-ins for tests: overrides of a healthy base (lib/checks/testing.ts builds facts and graph from them). */
export interface CheckExample {
  readonly name: string;
  readonly expect: "pass" | "fail" | "warn" | "unknown" | "not-applicable";
  /** Facts by probe id; what is not named is not read. */
  readonly facts: Facts;
  /** Id (or its ending after the host part, e.g. "nic/eth0") of the subject that the expectation is about. */
  readonly subject: string;
  /** Samples by track, for checks that compare two points in time. */
  readonly samples?: Readonly<Record<string, readonly Sample[]>>;
}

/** What `<id>.examples.ts` beside a check exports as `examples`: at least one of each. Only tests load it. */
export interface CheckExamples {
  readonly bad: readonly CheckExample[];
  readonly good: readonly CheckExample[];
  readonly unknown: readonly CheckExample[];
}

export interface Check<N extends ProbeId = ProbeId> {
  /** Id of the fault catalogue, e.g. "nic-no-carrier". */
  readonly id: string;
  readonly layer: Layer;
  /** Short name, e.g. "NIC has no carrier". */
  readonly title: Wording;
  /** One sentence about this subject, with {places}, e.g. "{nic} has no carrier: cable, SFP or switch port is dead". */
  readonly message: Wording;
  /** What a healthy subject shows. May use {places}. */
  readonly expected: Wording;
  /** How to mend it by hand, naming the object to touch. May use {places}. */
  readonly repair: Wording;
  /** Why it matters and how it is seen: for the reference page. */
  readonly explain: Wording;
  readonly needs: readonly N[];
  readonly optional?: readonly ProbeId[];
  readonly subjects: readonly SubjectKind[];
  readonly settings?: Readonly<Record<string, CheckSetting>>;
  readonly track?: Readonly<Record<string, CheckTrack<N>>>;
  /** Kernel, libvirt or tool documentation that supports the check and its repair. */
  readonly sources: readonly [string, ...string[]];
  /** How the fault is made for real: id of the case in e2e/lab/cases, or why there is none and which capture stands in. */
  readonly lab: { readonly case: string } | { readonly none: string; readonly capture?: string };
  evaluate(subject: GraphNode & GraphEdge, view: CheckView<N>): Verdict;
}

/** Declares a check whose subjects are nodes. Each file in lib/checks/<layer>/ exports exactly one, as `check`. */
export function defineCheck<const N extends ProbeId, const K extends NodeKind>(
  check: Omit<Check<N>, "evaluate" | "subjects"> & {
    readonly subjects: readonly K[];
    evaluate(subject: NodeOf<K>, view: CheckView<N>): Verdict;
  },
): Check<N> {
  return check as unknown as Check<N>;
}

/** Declares a check whose subjects are edges. */
export function defineEdgeCheck<const N extends ProbeId>(
  check: Omit<Check<N>, "evaluate" | "subjects"> & {
    readonly subjects: readonly `edge:${EdgeKind}`[];
    evaluate(subject: GraphEdge, view: CheckView<N>): Verdict;
  },
): Check<N> {
  return check as Check<N>;
}

export const pass: Verdict = { status: "pass" };
/** Could not be judged, because: with values for the places of the wording, where it has any. */
export const unknown = (because: Wording, params?: Params): Verdict => ({
  status: "unknown",
  because: params ? filled(because, params) : because,
});
