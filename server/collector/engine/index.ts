import { rules } from "@/lib/causes/registry";
import { checks } from "@/lib/checks/registry";
import { passes } from "@/lib/graph/passes/registry";
import type { MakeEngine } from "./api";
import { Engine } from "./engine";

/** An engine with every pass, check and rule of the registries. `memory`: what `memory()` of this host's last engine returned, or {}. */
export const makeEngine: MakeEngine = (info, epoch, memory, settings = {}) =>
  new Engine(info, epoch, memory, settings, { passes, checks, rules });
