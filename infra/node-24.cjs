// The Pulumi CLI runs the program on the `node` of PATH; Pulumi.yaml makes that one load this file first. Where it is
// too old to run TypeScript, the `node` of devDependencies runs the same command in its place.
const { spawnSync } = require("node:child_process");

const OLDEST_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_MAJOR) {
  const { status, error } = spawnSync(node24(), [...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
  });
  if (error !== undefined) throw error;
  process.exit(status ?? 1);
}

function node24() {
  try {
    return require.resolve("node/bin/node");
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    console.error(
      `Stormwire needs Node.js ${OLDEST_MAJOR} and found ${process.version} on PATH: run npm ci, which installs it for this project`,
    );
    return process.exit(1);
  }
}
