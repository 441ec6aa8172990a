import type { z } from "zod";
import type { HostInfo } from "@/lib/wire/model";
import type { HostEngine } from "../engine/api";
import type { ActorDeps, HostActor } from "../fleet/actor";

/** What is stored of a host, whatever its kind. Absent `source`: by SSH, as all hosts were in older releases. */
export interface AnySpec {
  readonly id: string;
  readonly source?: string | undefined;
}

/** One host as the fleet knows it, however it is read. */
export type FleetHost = Omit<Pick<HostActor, keyof HostActor>, "reconfigure"> & {
  /** Other settings, of the same kind. */
  reconfigure(spec: AnySpec, name: string): void;
};

/** What the fleet gives a host to live on. */
export interface HostParts<S extends AnySpec> {
  readonly spec: S;
  readonly engine: HostEngine;
  readonly info: HostInfo;
  readonly deps: ActorDeps;
}

/**
 * A kind of host: what is stored of it, and how it is read. One file in this folder; the registry is made from them.
 *
 * Secrets need no care of their own: a stored spec is sealed as a whole, under the host's name, and goes to no page.
 */
export interface HostSource<S extends AnySpec = AnySpec> {
  /** The name of its file; stands in `source` of a stored spec. */
  readonly kind: string;
  readonly spec: z.ZodType<S>;
  /** Where it is and how it is reached, for the audit log: never a secret. */
  says(spec: S): string;
  /** What pages show of it before anything was read. */
  info(spec: S): Pick<HostInfo, "address" | "labels" | "platform" | "takenAt">;
  /** It changes and is watched: what is learnt of it is kept, and its problems make history. */
  readonly watched: boolean;
  host(parts: HostParts<S>): FleetHost;
}

/** Declares a source. Its functions are only ever given what its own schema has taken (`specOf` in any.ts). */
export const defineSource = <S extends AnySpec>(source: HostSource<S>): HostSource => source as unknown as HostSource;
