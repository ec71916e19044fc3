import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssertionError } from "chai";
import { isTransportFault } from "../contract/answer.ts";
import type { Backend } from "../contract/backend.ts";
import { REGION } from "../contract/declared-graph.ts";
import type { Line, ServiceName } from "../contract/line.ts";
import { LINES, SERVICES } from "../contract/lines.ts";
import { departureOf } from "../contract/ministack.ts";
import { AWS, EMULATOR } from "../contract/pace.ts";
import { sdkBackend } from "../contract/sdk-backend.ts";
import { obtainMiniStack } from "./ministack/install.ts";
import { type Server, startServer } from "./ministack/server.ts";
import { describeEngine } from "./support/unavailable.ts";

const TIMES = { installMilliseconds: 600_000, timeoutMilliseconds: 180_000 };

describeEngine("the contract on MiniStack", { obtain: obtainMiniStack, ...TIMES }, (engine) => {
  let directory: string;
  const servers: Server[] = [];
  const backends: Backend[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "contract-"));
    for (const enforcesPolicies of [false, true]) {
      const own = join(directory, enforcesPolicies ? "guarded" : "open");
      const server = await startServer(engine(), { directory: own, enforcesPolicies });
      servers.push(server);
      const credentials = { accessKeyId: "test", secretAccessKey: "test" };
      const settings = { endpoint: server.url, region: REGION, credentials };
      backends.push(sdkBackend({ settings, pace: EMULATOR }));
    }
  });
  after(async () => {
    try {
      for (const backend of backends) await backend.close();
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await rm(directory, { recursive: true, force: true });
    }
  });

  const backendOf = (service: ServiceName): Backend => {
    const [open, guarded] = backends;
    if (open === undefined || guarded === undefined) throw new Error("MiniStack is not there");
    return service === "IAM" ? guarded : open;
  };
  for (const service of SERVICES)
    describe(service, () => {
      const lines = LINES.filter((each) => each.service === service);
      const started = startedTogether(service, lines, () => backendOf(service));

      for (const line of lines) {
        const departure = departureOf(line);
        if (departure?.outcome === "skipped") it.skip(`${line.name} (${departure.reason})`);
        else
          it(`${departure?.outcome ?? "passes"}: ${line.name}`, async () =>
            expectOutcome(line, await (started.get(line) ?? failureOf(line, backendOf(service)))));
      }
    });
});

describe("the contract on AWS", function () {
  this.timeout(900_000);
  const isRemote = process.env.REMOTE === "1";
  // Credentials are those of the environment.
  const backend = sdkBackend({ settings: { region: REGION }, pace: AWS });

  before(() => {
    if (!isRemote) console.log(`    skipped: ${LINES.length} lines need an account of AWS, and REMOTE=1`);
  });
  after("everything is taken away", () => backend.close());

  for (const service of SERVICES)
    describe(service, () => {
      const lines = LINES.filter((each) => each.service === service);
      const started = isRemote ? startedTogether(service, lines, () => backend) : new Map();

      for (const line of lines)
        (isRemote ? it : it.skip)(line.name, async () => {
          const failure = await (started.get(line) ?? failureOf(line, backend));
          if (failure !== undefined) throw failure;
        });
    });
});

/** Nearly all that these lines do is wait for the next minute: they wait together. */
function startedTogether(
  service: ServiceName,
  lines: readonly Line[],
  backend: () => Backend,
): ReadonlyMap<Line, Promise<unknown>> {
  const started = new Map<Line, Promise<unknown>>();
  before(() => {
    if (service !== "EventBridge and Scheduler") return;
    for (const line of lines) started.set(line, failureOf(line, backend()));
  });
  // Also those that --grep leaves out, so that what they made is taken away.
  after(() => Promise.all(started.values()));
  return started;
}

/** A line whose call broke on the way is checked once more: that says nothing of the service. */
async function failureOf(line: Line, backend: Backend): Promise<unknown> {
  const failure = await checked(line, backend);
  if (!isTransportFault(failure)) return failure;
  console.log(`      checked again after a transport fault: ${line.name}: ${String(failure)}`);
  return await checked(line, backend);
}

async function checked(line: Line, backend: Backend): Promise<unknown> {
  return await line.check(backend).then(
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
