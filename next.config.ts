import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Types and lint are checked by `npm test`, once; a build on a small machine should only build.
  typescript: { ignoreBuildErrors: true },
  // Source maps of the pages would publish comments and paths; the server's own stay.
  productionBrowserSourceMaps: false,
  turbopack: {
    root: import.meta.dirname,
    rules: { "**/cytoscape.esm.mjs": { loaders: ["./scripts/slim-cytoscape.cjs"] } },
  },
};

export default config;
