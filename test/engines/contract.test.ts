import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssertionError } from "chai";
import type { Line } from "../contract/line.ts";
import { LINES, SERVICES } from "../contract/lines.ts";
import { departureOf } from "../contract/ministack.ts";
import type { Place } from "../contract/place.ts";
import { sdkPlace } from "../contract/sdk-place.ts";
import { startMiniStack } from "./contract/server.ts";
import { obtainMiniStack } from "./ministack/install.ts";
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
      const lines = LINES.filter((each) => each.service === service);
      const place = () => (service === "IAM" ? guarded : open);
      const started = new Map<Line, Promise<unknown>>();

      // Nearly all that these do is wait for the next minute: they wait together.
      before(() => {
        if (service !== "EventBridge and Scheduler") return;
        for (const line of lines) started.set(line, failureOf(line, place()));
      });

      for (const line of lines) {
        const departure = departureOf(line);
        if (departure?.outcome === "skipped") it.skip(`${line.name} (${departure.reason})`);
        else
          it(`${departure?.outcome ?? "passes"}: ${line.name}`, async () =>
            expectOutcome(line, await (started.get(line) ?? failureOf(line, place()))));
      }
    });
  }
});

async function failureOf(line: Line, place: Place): Promise<unknown> {
  return await line.check(place).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Fails unless the line passed or failed as it is recorded to. */
function expectOutcome(line: Line, failure: unknown): void {
  const departure = departureOf(line);
  if (departure === undefined || departure.outcome === "skipped") {
    if (failure !== undefined) throw failure;
    return;
  }
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
