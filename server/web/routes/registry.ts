// Made by scripts/registries.mjs from the files of this folder: do not edit.
import { handler as addHostHandler } from "./add-host";
import { handler as addIncidentHandler } from "./add-incident";
import { handler as addTokenHandler } from "./add-token";
import { handler as addUserHandler } from "./add-user";
import { handler as applyRemedyHandler } from "./apply-remedy";
import { handler as approveKeyHandler } from "./approve-key";
import { handler as changePasswordHandler } from "./change-password";
import { handler as changeRetentionHandler } from "./change-retention";
import { handler as changeSettingHandler } from "./change-setting";
import { handler as changeUserHandler } from "./change-user";
import { handler as endSessionHandler } from "./end-session";
import { handler as endUserSessionsHandler } from "./end-user-sessions";
import { handler as exportAuditHandler } from "./export-audit";
import { handler as getIncidentHandler } from "./get-incident";
import { handler as getRetentionHandler } from "./get-retention";
import { handler as healthHandler } from "./health";
import { handler as hostProblemsHandler } from "./host-problems";
import { handler as hostSnapshotHandler } from "./host-snapshot";
import { handler as importKeysHandler } from "./import-keys";
import { handler as incidentMarkdownHandler } from "./incident-markdown";
import { handler as listAllTokensHandler } from "./list-all-tokens";
import { handler as listAuditHandler } from "./list-audit";
import { handler as listHostsHandler } from "./list-hosts";
import { handler as listIncidentsHandler } from "./list-incidents";
import { handler as listSessionsHandler } from "./list-sessions";
import { handler as listSettingsHandler } from "./list-settings";
import { handler as listTokensHandler } from "./list-tokens";
import { handler as listUsersHandler } from "./list-users";
import { handler as logInHandler } from "./log-in";
import { handler as logOutHandler } from "./log-out";
import { handler as meHandler } from "./me";
import { handler as openCaptureHandler } from "./open-capture";
import { handler as openapiHandler } from "./openapi";
import { handler as planRemedyHandler } from "./plan-remedy";
import { handler as removeHostHandler } from "./remove-host";
import { handler as removeTokenHandler } from "./remove-token";
import { handler as removeUserHandler } from "./remove-user";
import { handler as resetSettingHandler } from "./reset-setting";
import { handler as resetSettingsHandler } from "./reset-settings";
import { handler as retryHostHandler } from "./retry-host";
import { handler as revokeIncidentHandler } from "./revoke-incident";
import { handler as revokeTokenHandler } from "./revoke-token";
import { handler as setUpHandler } from "./set-up";
import { handler as setupStateHandler } from "./setup-state";
import { handler as startDemoHandler } from "./start-demo";
import { handler as stopDemoHandler } from "./stop-demo";
import { handler as testHostHandler } from "./test-host";
import { handler as undoRemedyHandler } from "./undo-remedy";

export const handlers = {
  "add-host": addHostHandler,
  "add-incident": addIncidentHandler,
  "add-token": addTokenHandler,
  "add-user": addUserHandler,
  "apply-remedy": applyRemedyHandler,
  "approve-key": approveKeyHandler,
  "change-password": changePasswordHandler,
  "change-retention": changeRetentionHandler,
  "change-setting": changeSettingHandler,
  "change-user": changeUserHandler,
  "end-session": endSessionHandler,
  "end-user-sessions": endUserSessionsHandler,
  "export-audit": exportAuditHandler,
  "get-incident": getIncidentHandler,
  "get-retention": getRetentionHandler,
  "health": healthHandler,
  "host-problems": hostProblemsHandler,
  "host-snapshot": hostSnapshotHandler,
  "import-keys": importKeysHandler,
  "incident-markdown": incidentMarkdownHandler,
  "list-all-tokens": listAllTokensHandler,
  "list-audit": listAuditHandler,
  "list-hosts": listHostsHandler,
  "list-incidents": listIncidentsHandler,
  "list-sessions": listSessionsHandler,
  "list-settings": listSettingsHandler,
  "list-tokens": listTokensHandler,
  "list-users": listUsersHandler,
  "log-in": logInHandler,
  "log-out": logOutHandler,
  "me": meHandler,
  "open-capture": openCaptureHandler,
  "openapi": openapiHandler,
  "plan-remedy": planRemedyHandler,
  "remove-host": removeHostHandler,
  "remove-token": removeTokenHandler,
  "remove-user": removeUserHandler,
  "reset-setting": resetSettingHandler,
  "reset-settings": resetSettingsHandler,
  "retry-host": retryHostHandler,
  "revoke-incident": revokeIncidentHandler,
  "revoke-token": revokeTokenHandler,
  "set-up": setUpHandler,
  "setup-state": setupStateHandler,
  "start-demo": startDemoHandler,
  "stop-demo": stopDemoHandler,
  "test-host": testHostHandler,
  "undo-remedy": undoRemedyHandler,
} as const;
