import type { BusClient } from "@/server/bus/client";

/**
 * What the web process needs of the collector: the bus client, or a stand-in in tests. With each call goes the asker's credential; the collector
 * decides by itself.
 */
export type Collector = Pick<BusClient, "up" | "call" | "onPush" | "onState">;
