import { ConfigError } from "./config";
import { StoreError } from "./store/errors";
import { supervise } from "./supervise";

supervise({ argv: process.argv.slice(2), dist: new URL("./", import.meta.url) }).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const mendable = error instanceof StoreError || error instanceof ConfigError;
    console.error(`taproot: ${mendable ? error.message : error instanceof Error ? error.stack : String(error)}`);
    process.exit(mendable ? 3 : 1);
  },
);
