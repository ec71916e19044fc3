import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { urnOf } from "../../../local/program/recorder.ts";
import type { ProviderClient } from "./provider-client.ts";

// The proto messages and gRPC services of Pulumi's own SDK.
const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
const grpc = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { EngineService } = require("./proto/engine_grpc_pb");
const engineMessages = require("./proto/engine_pb");
const { ResourceMonitorService } = require("./proto/resource_grpc_pb");
const monitorMessages = require("./proto/resource_pb");

type Properties = Record<string, unknown>;

/** A resource as the engine would keep it; secrets are `{ 4dab…: "1b47…", value }`, which it encrypts. */
export interface StateEntry {
  readonly urn: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface Update {
  /** By URN, in their order. */
  readonly resources: readonly StateEntry[];
  readonly outputs: Properties;
  readonly exitCode: number | null;
  /** What the program and the SDK said. */
  readonly log: string;
}

/**
 * Runs a program as Pulumi's language host does (`typescript: false`, Node.js on PATH), and creates what it declares with
 * a provider: the part of an `up` that needs no CLI. No state is read, no diff is made.
 * @param config text by `namespace:key`
 */
export async function runUpdate(options: {
  directory: string;
  project: string;
  stack: string;
  config: Readonly<Record<string, string>>;
  secretKeys: readonly string[];
  provider: ProviderClient;
}): Promise<Update> {
  const { directory, project, stack, config, secretKeys, provider } = options;
  const resources: StateEntry[] = [];
  let outputs: Properties = {};
  let log = "";
  let root = "";
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceMonitorService, {
    getDeploymentInfo: handle(() => {
      const { ResourceMonitorFeature: features } = monitorMessages;
      const answer = new monitorMessages.DeploymentInfo();
      answer.setSupportedfeaturesList([
        features.RESOURCE_MONITOR_FEATURE_SECRETS,
        features.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
        features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
        features.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
      ]);
      return answer;
    }),
    registerResourceHook: handle(() => new Empty()), // they run when something changes, and here all is new
    registerResource: handle(register),
    registerResourceOutputs: handle((request) => {
      if (request.getUrn() === root) outputs = request.getOutputs().toJavaScript();
      return new Empty();
    }),
    invoke: handle(async (request) => {
      const answer = new monitorMessages.ResourceInvokeResponse();
      const result = await provider.invoke(request.getTok(), request.getArgs().toJavaScript());
      answer.setReturn(Struct.fromJavaScript(result));
      return answer;
    }),
    signalAndWaitForShutdown: handle(() => new Empty()),
  });
  server.addService(EngineService, {
    log: handle((request) => {
      if (request.getSeverity() !== engineMessages.LogSeverity.DEBUG) log += `${request.getMessage()}\n`;
      return new Empty();
    }),
    setRootResource: handle((request) => {
      root = request.getUrn();
      return new engineMessages.SetRootResourceResponse();
    }),
    getRootResource: handle(() => new engineMessages.GetRootResourceResponse()),
  });
  const address = `127.0.0.1:${await listen(server)}`;
  const runner = require.resolve("./cmd/run");
  const child = spawn(
    process.execPath,
    [
      runner,
      ...[`--monitor=${address}`, `--engine=${address}`, `--project=${project}`, `--stack=${stack}`],
      ...[`--pwd=${directory}`, `--root-directory=${directory}`, "--parallel=16", "."],
    ],
    {
      cwd: directory,
      env: {
        ...process.env,
        PULUMI_NODEJS_TYPESCRIPT: "false",
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      log += text;
    });
  }
  const [exitCode] = await once(child, "close");
  server.forceShutdown();
  resources.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return { resources, outputs, exitCode, log };

  // biome-ignore lint/suspicious/noExplicitAny: messages are generated without types that fit
  async function register(request: any) {
    const urn = urnOf({
      stack,
      project,
      parent: request.getParent(),
      type: request.getType(),
      name: request.getName(),
    });
    const inputs = request.getObject().toJavaScript();
    const entry = request.getCustom() ? await create(urn, inputs) : { id: "", outputs: {} };
    resources.push({ urn, inputs, outputs: entry.outputs });
    const answer = new monitorMessages.RegisterResourceResponse();
    answer.setUrn(urn);
    answer.setId(entry.id);
    answer.setObject(Struct.fromJavaScript(entry.outputs));
    return answer;
  }

  async function create(urn: string, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const { failures } = await provider.check(urn, inputs);
    if (failures.length > 0) {
      throw new Error(
        `${urn}: ${failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ")}`,
      );
    }
    return provider.create(urn, inputs);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: messages are generated without types that fit
function handle(answer: (request: any) => unknown) {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return (call: { request: any }, callback: (error: unknown, answer?: unknown) => void) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (message) => callback(null, message),
        (error: Error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
      );
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the server of a package that is found at run time
function listen(server: any): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(
      "127.0.0.1:0",
      grpc.ServerCredentials.createInsecure(),
      (error: Error | null, port: number) => (error ? reject(error) : resolve(port)),
    );
  });
}
