import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssertionError } from "chai";
import type { Line } from "../contract/line.ts";
import { LINES, SERVICES } from "../contract/lines.ts";
import { departureOf } from "../contract/ministack.ts";
import type { Place } from "../contract/place.ts";
import { sdkPlace } from "../contract/sdk-place.ts";
import { obtainMiniStack } from "./contract/install.ts";
import { startMiniStack } from "./contract/server.ts";
import { describeEngine } from "./support/unavailable.ts";

const TIMES = { installMilliseconds: 600_000, timeoutMilliseconds: 180_000 };

describeEngine("the contract on MiniStack", { obtain: obtainMiniStack, ...TIMES }, (engine) => {
  let directory: string;
  let open: Place;
  let guarded: Place;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "contract-"));
    open = await start("open", false);
    guarded = await start("guarded", true);
  });
  after(async () => {
    await Promise.all([open?.close(), guarded?.close()]);
    await rm(directory, { recursive: true, force: true });
  });

  async function start(name: string, enforcesPolicies: boolean): Promise<Place> {
    const server = await startMiniStack(engine(), { directory: join(directory, name), enforcesPolicies });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const settings = { endpoint: server.url, region: "us-east-1", credentials, maxAttempts: 1 };
    return sdkPlace({ settings, settleSeconds: 0, close: server.stop });
  }

  for (const service of SERVICES) {
    describe(service, () => {
      for (const line of LINES.filter((each) => each.service === service)) {
        const departure = departureOf(line);
        if (departure?.outcome === "skipped") it.skip(`${line.name} (${departure.reason})`);
        else
          it(`${departure?.outcome ?? "passes"}: ${line.name}`, () =>
            expectOutcome(line, service === "IAM" ? guarded : open));
      }
    });
  }
});

/** Fails unless the line passes or fails as it is recorded to. */
async function expectOutcome(line: Line, place: Place): Promise<void> {
  const departure = departureOf(line);
  if (departure === undefined || departure.outcome === "skipped") return await line.check(place);
  const failure = await line.check(place).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure === undefined)
    throw new Error(`it passes now, and is recorded as ${departure.outcome} (${departure.found})`);
  if (!(failure instanceof AssertionError) || !departure.error.test(failure.message))
    throw new Error(`it fails otherwise than recorded (${departure.error})`, { cause: failure });
}

describe("the contract on AWS", function () {
  this.timeout(600_000);
  const isRemote = process.env.REMOTE === "1";
  // Credentials and region are those of the environment.
  const place = sdkPlace({ settings: {}, settleSeconds: 15, close: async () => {} });

  before(() => {
    if (!isRemote) console.log(`    skipped: ${LINES.length} lines need an account of AWS, and REMOTE=1`);
  });
  for (const line of LINES)
    (isRemote ? it : it.skip)(`${line.service}: ${line.name}`, () => line.check(place));
});
