import type { Route } from "../route";
import { accountRoutes } from "./accounts";
import { auditRoutes } from "./audit";
import { authRoutes } from "./auth";
import { healthRoutes } from "./health";
import { hostRoutes } from "./hosts";
import { incidentRoutes } from "./incidents";
import { remedyRoutes } from "./remedies";
import { retentionRoutes } from "./retention";
import { settingRoutes } from "./settings";

/** Every route there is. What is not in this table does not exist; the test of the table compares it with lib/wire/rest.ts. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...authRoutes,
  ...hostRoutes,
  ...remedyRoutes,
  ...retentionRoutes,
  ...settingRoutes,
  ...incidentRoutes,
  ...auditRoutes,
  ...accountRoutes,
];
