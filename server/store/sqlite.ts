import { createRequire } from "node:module";
import type Sqlite from "better-sqlite3";

/**
 * SQLite for the Node that runs. Release 13 of better-sqlite3 stands on Node-API and wants Node 22; release 12 runs on Node 20, and where it has to be compiled with the headers of Node
 * 24.19 or later the process ends as soon as a statement is collected (https://github.com/nodejs/node/issues/65446). Both have the same interface. One module is loaded, never both.
 */
const [major = 0] = process.versions.node.split(".").map(Number);
export const databaseModule = major >= 22 ? "better-sqlite3-napi" : "better-sqlite3";
export const Database: typeof Sqlite = createRequire(import.meta.url)(databaseModule);
