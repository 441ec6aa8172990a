/**
 * The web process behind a proxy, in the proxy's own namespace (started by proxy.test.ts). It listens where docs/reverse-proxy.md says; its variables are those
 * of the environment. Says "ready" when there is an account to log in with.
 */
import { startSite } from "@/server/web/testing";

const { TAPROOT_URL = "", TAPROOT_PROXY = "" } = process.env;
const site = await startSite({ env: { TAPROOT_URL, TAPROOT_PROXY }, port: 3000 });
await site.person("operator", "vic");
process.on("SIGTERM", () => {
  void site.close().then(() => {
    // The collector's stand-in has nothing to be asked here; what was logged is for whoever reads a failed run.
    for (const line of site.logged) console.error(line);
    process.exit(0);
  });
});
console.log("ready");
