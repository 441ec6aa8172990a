// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { route as addHostRoute } from "./add-host";
import { route as addIncidentRoute } from "./add-incident";
import { route as addTokenRoute } from "./add-token";
import { route as addUserRoute } from "./add-user";
import { route as applyRemedyRoute } from "./apply-remedy";
import { route as approveKeyRoute } from "./approve-key";
import { route as changePasswordRoute } from "./change-password";
import { route as changeRetentionRoute } from "./change-retention";
import { route as changeSettingRoute } from "./change-setting";
import { route as changeUserRoute } from "./change-user";
import { route as endSessionRoute } from "./end-session";
import { route as endUserSessionsRoute } from "./end-user-sessions";
import { route as exportAuditRoute } from "./export-audit";
import { route as getIncidentRoute } from "./get-incident";
import { route as getRetentionRoute } from "./get-retention";
import { route as healthRoute } from "./health";
import { route as hostProblemsRoute } from "./host-problems";
import { route as hostSnapshotRoute } from "./host-snapshot";
import { route as importKeysRoute } from "./import-keys";
import { route as incidentMarkdownRoute } from "./incident-markdown";
import { route as listAllTokensRoute } from "./list-all-tokens";
import { route as listAuditRoute } from "./list-audit";
import { route as listHostsRoute } from "./list-hosts";
import { route as listIncidentsRoute } from "./list-incidents";
import { route as listSessionsRoute } from "./list-sessions";
import { route as listSettingsRoute } from "./list-settings";
import { route as listTokensRoute } from "./list-tokens";
import { route as listUsersRoute } from "./list-users";
import { route as logInRoute } from "./log-in";
import { route as logOutRoute } from "./log-out";
import { route as meRoute } from "./me";
import { route as openCaptureRoute } from "./open-capture";
import { route as openapiRoute } from "./openapi";
import { route as planRemedyRoute } from "./plan-remedy";
import { route as removeHostRoute } from "./remove-host";
import { route as removeTokenRoute } from "./remove-token";
import { route as removeUserRoute } from "./remove-user";
import { route as resetSettingRoute } from "./reset-setting";
import { route as resetSettingsRoute } from "./reset-settings";
import { route as retryHostRoute } from "./retry-host";
import { route as revokeIncidentRoute } from "./revoke-incident";
import { route as revokeTokenRoute } from "./revoke-token";
import { route as setUpRoute } from "./set-up";
import { route as setupStateRoute } from "./setup-state";
import { route as startDemoRoute } from "./start-demo";
import { route as stopDemoRoute } from "./stop-demo";
import { route as testHostRoute } from "./test-host";
import { route as undoRemedyRoute } from "./undo-remedy";

export const routes = {
  "add-host": addHostRoute,
  "add-incident": addIncidentRoute,
  "add-token": addTokenRoute,
  "add-user": addUserRoute,
  "apply-remedy": applyRemedyRoute,
  "approve-key": approveKeyRoute,
  "change-password": changePasswordRoute,
  "change-retention": changeRetentionRoute,
  "change-setting": changeSettingRoute,
  "change-user": changeUserRoute,
  "end-session": endSessionRoute,
  "end-user-sessions": endUserSessionsRoute,
  "export-audit": exportAuditRoute,
  "get-incident": getIncidentRoute,
  "get-retention": getRetentionRoute,
  "health": healthRoute,
  "host-problems": hostProblemsRoute,
  "host-snapshot": hostSnapshotRoute,
  "import-keys": importKeysRoute,
  "incident-markdown": incidentMarkdownRoute,
  "list-all-tokens": listAllTokensRoute,
  "list-audit": listAuditRoute,
  "list-hosts": listHostsRoute,
  "list-incidents": listIncidentsRoute,
  "list-sessions": listSessionsRoute,
  "list-settings": listSettingsRoute,
  "list-tokens": listTokensRoute,
  "list-users": listUsersRoute,
  "log-in": logInRoute,
  "log-out": logOutRoute,
  "me": meRoute,
  "open-capture": openCaptureRoute,
  "openapi": openapiRoute,
  "plan-remedy": planRemedyRoute,
  "remove-host": removeHostRoute,
  "remove-token": removeTokenRoute,
  "remove-user": removeUserRoute,
  "reset-setting": resetSettingRoute,
  "reset-settings": resetSettingsRoute,
  "retry-host": retryHostRoute,
  "revoke-incident": revokeIncidentRoute,
  "revoke-token": revokeTokenRoute,
  "set-up": setUpRoute,
  "setup-state": setupStateRoute,
  "start-demo": startDemoRoute,
  "stop-demo": stopDemoRoute,
  "test-host": testHostRoute,
  "undo-remedy": undoRemedyRoute,
} as const;
