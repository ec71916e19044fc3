import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

// The proto messages and the gRPC client of Pulumi's own SDK.
const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
const grpc = require("@grpc/grpc-js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { ResourceProviderClient } = require("./proto/provider_grpc_pb");
const messages = require("./proto/provider_pb");

type Properties = Readonly<Record<string, unknown>>;

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** A provider that runs in a process of its own, spoken to as Pulumi's engine does. */
export interface ProviderClient {
  check(urn: string, inputs: Properties): Promise<{ inputs: Properties; failures: Failure[] }>;
  /** Names of the inputs for which it is made anew. */
  diff(urn: string, id: string, olds: Properties, news: Properties): Promise<string[]>;
  create(urn: string, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  update(urn: string, id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(urn: string, id: string, outputs: Properties): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
  stop(): Promise<void>;
}

/** Starts the executable that the engine would find as `pulumi-resource-aws`. */
export async function startProvider(environment: NodeJS.ProcessEnv = {}): Promise<ProviderClient> {
  const script = fileURLToPath(new URL("pulumi-resource-aws.ts", import.meta.url));
  const child = spawn(process.execPath, [script, "127.0.0.1:0"], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await Promise.race([once(createInterface(child.stdout), "line"), failed(child)]);
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());

  return {
    async check(urn, inputs) {
      const request = new messages.CheckRequest();
      request.setUrn(urn);
      request.setOlds(struct({}));
      request.setNews(struct(inputs));
      const answer = await call("check", request);
      const failures: { getProperty(): string; getReason(): string }[] = answer.getFailuresList();
      return {
        inputs: answer.getInputs().toJavaScript(),
        failures: failures.map((one) => ({ property: one.getProperty(), reason: one.getReason() })),
      };
    },
    async diff(urn, id, olds, news) {
      const request = new messages.DiffRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(struct(olds));
      request.setNews(struct(news));
      return (await call("diff", request)).getReplacesList();
    },
    async create(urn, inputs) {
      const request = new messages.CreateRequest();
      request.setUrn(urn);
      request.setProperties(struct(inputs));
      const answer = await call("create", request);
      return { id: answer.getId(), outputs: answer.getProperties().toJavaScript() };
    },
    async update(urn, id, olds, news) {
      const request = new messages.UpdateRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(struct(olds));
      request.setNews(struct(news));
      return (await call("update", request)).getProperties().toJavaScript();
    },
    async delete(urn, id, outputs) {
      const request = new messages.DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setProperties(struct(outputs));
      await call("delete", request);
    },
    async invoke(token, args) {
      const request = new messages.InvokeRequest();
      request.setTok(token);
      request.setArgs(struct(args));
      const answer = await call("invoke", request);
      const [failure] = answer.getFailuresList();
      if (failure !== undefined) throw new Error(failure.getReason());
      return answer.getReturn().toJavaScript();
    },
    async stop() {
      client.close();
      child.kill();
      if (child.exitCode === null) await once(child, "close");
    },
  };

  // biome-ignore lint/suspicious/noExplicitAny: messages of five kinds, generated without types that fit
  function call(method: string, request: unknown): Promise<any> {
    return new Promise((resolve, reject) => {
      client[method](request, (error: Error | null, answer: unknown) =>
        error ? reject(error) : resolve(answer),
      );
    });
  }
}

function struct(properties: Properties): unknown {
  return Struct.fromJavaScript(properties);
}

async function failed(child: ReturnType<typeof spawn>): Promise<never> {
  const [code] = await once(child, "close");
  throw new Error(`The provider ended with ${code} before it said its port`);
}
