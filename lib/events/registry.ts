// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { source as bridgeMonitorSource } from "./bridge-monitor";
import { source as ipMonitorSource } from "./ip-monitor";
import { source as kernelLogSource } from "./kernel-log";
import { source as virshEventSource } from "./virsh-event";

export const sources = {
  "bridge-monitor": bridgeMonitorSource,
  "ip-monitor": ipMonitorSource,
  "kernel-log": kernelLogSource,
  "virsh-event": virshEventSource,
} as const;

export type SourceId = keyof typeof sources;
