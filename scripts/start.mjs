// Starts Taproot. This file is read by whatever Node there is, so it uses nothing that an old one cannot parse; the work is in start-now.mjs.
var needed = [20, 9];
var here = process.versions.node.split(".").map(Number);
if (here[0] < needed[0] || (here[0] === needed[0] && here[1] < needed[1])) {
  console.error("taproot: Node " + needed.join(".") + " or newer is needed, this is v" + process.versions.node);
  process.exit(3);
} else {
  import("./start-now.mjs").catch((error) => {
    console.error("taproot: " + String(error.stack || error));
    process.exit(1);
  });
}
