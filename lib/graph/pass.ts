import type { Facts } from "../facts/facts";
import type { ProbeId } from "../probes/registry";
import type { AttributesOf, EdgeAttributesOf, EdgeKind, NodeAttributes, NodeKind } from "./kinds";
import type { Graph, GraphEdge, GraphNode, Json, NodeOf } from "./model";

/** What is kept of a host between two graphs (JSON: it is stored). Each pass keeps its own part under its own id. */
export type HostMemory = Record<string, Json>;

/**
 * Collects nodes and edges while the passes run. Interfaces are found by network namespace and ifindex, never by
 * name: names are hostile and change.
 */
export interface GraphBuilder {
  readonly host: string;
  readonly facts: Facts;
  readonly memory: HostMemory;
  /** What the passes before have made. */
  readonly graph: Graph;
  /**
   * Adds a node. `keys` are its identities, strongest first (e.g. "nic:mac:52:54..:pci:0000:00:03.0", then
   * "nic:name:eth0"): the id of an earlier graph is taken again where one of them is known. Returns the node's id.
   */
  addNode<K extends NodeKind>(spec: {
    kind: K;
    name: string;
    /** What stands after `<host>/<kind>/`; default: name. */
    path?: string;
    keys: readonly [string, ...string[]];
    attributes: AttributesOf<K>;
    remembered?: boolean;
    /** Where the interface is found by later passes. */
    ifindex?: number;
    netns?: string;
  }): string;
  addEdge<K extends EdgeKind>(spec: {
    kind: K;
    from: string;
    to: string;
    present?: boolean;
    remembered?: boolean;
    attributes?: EdgeAttributesOf<K>;
  }): GraphEdge;
  /** Adds facts to a node that an earlier pass made. */
  annotate(id: string, attributes: NodeAttributes): void;
  byIfindex(ifindex: number, netns?: string): GraphNode | undefined;
  byName(name: string, netns?: string): GraphNode | undefined;
  ofKind<K extends NodeKind>(kind: K): readonly NodeOf<K>[];
  node(id: string): GraphNode | undefined;
}

/**
 * One step from facts to graph. A pass whose facts were not read (throws Unread) adds nothing; the engine notes it,
 * and what hangs on it is unknown. Each file in lib/graph/passes/ exports exactly one, as `pass`.
 */
export interface Pass {
  readonly id: string;
  /** Ids of passes whose nodes this one builds upon. */
  readonly after: readonly string[];
  /** Probes without which it can say nothing: what it makes is *unknown* while one of them is not read. */
  readonly needs: readonly ProbeId[];
  /**
   * Probes without which it still runs on other sources, but what it makes is *unknown* while one of them could not
   * be read again.
   */
  readonly doubtWithout?: readonly ProbeId[];
  /** Probes that only add detail or a further source (read by factIfRead). */
  readonly optional?: readonly ProbeId[];
  run(builder: GraphBuilder): void;
}
