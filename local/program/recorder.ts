import { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Resource } from "../graph.ts";
import { type Account, computedAnswer, computedOutputs, physicalName } from "./computed-outputs.ts";
import { graphAsset, unpackArchive } from "./packages.ts";

/** The part of Pulumi's RegisterResourceRequest that mocks do not receive. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProtect(): boolean;
  getCustom(): boolean;
  getAliasurnsList(): string[];
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): IterableIterator<[string, { getUrnsList(): string[] }]> };
}

interface Features {
  getSupportedfeaturesList(): number[];
  setSupportedfeaturesList(features: number[]): void;
}

interface Monitor {
  getDeploymentInfo(request: unknown, callback: (error: unknown, features: Features) => void): void;
  registerResourceHook?(request: unknown, callback: (error: unknown, answer: object) => void): void;
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
}

/**
 * Acts as Pulumi's resource monitor in this process: gives every resource the outputs that AWS would compute, and records
 * the resources. A process runs one program, because Pulumi's runtime is global.
 */
export async function recordProgram(
  options: { project: string; stack: string; account: Account; packages: string; autonaming?: boolean },
  program: () => Promise<unknown>,
): Promise<{ resources: Resource[]; outputs: Record<string, unknown> }> {
  const { project, stack, account, packages, autonaming = false } = options;
  const resources: Resource[] = [];
  const requests = new AsyncLocalStorage<RegisterRequest>();
  let monitor: Monitor | undefined;

  await pulumi.runtime.setMocks({ newResource: record, call }, project, stack, false);
  monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  monitor.newUrn = (parent, type, name) => urnOf({ stack, project, parent, type, name });
  withAliasesAsUrns(monitor);
  // Hooks run when a resource is changed or deleted, and here every resource is new.
  monitor.registerResourceHook = (_request, callback) => callback(null, {});
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => requests.run(request, () => register(request, callback));

  const outputs = await pulumi.runtime.runInPulumiStack(program);
  await pulumi.runtime.disconnect();
  sortByUrn(resources);
  return { resources, outputs: outputs as Record<string, unknown> };

  async function record(args: pulumi.runtime.MockResourceArgs) {
    const request = requests.getStore();
    if (request === undefined || monitor === undefined) {
      throw new Error(
        `${args.type} ${args.name} is read, not declared: the local run cannot read existing resources`,
      );
    }
    const urn = monitor.newUrn(request.getParent(), args.type, args.name);
    const secrets: string[] = [];
    const given = (await withIds(args.inputs)) as Record<string, unknown>;
    const inputs = (await plain(given, join(packages, args.name), [], secrets)) as Record<string, unknown>;
    const computed: Record<string, unknown> & { id: string } = request.getCustom()
      ? computedOutputs(urn, args.type, nameOf(urn, args, inputs), inputs, account)
      : { id: "" };
    const { id, ...rest } = computed;
    resources.push({
      urn,
      type: args.type,
      name: args.name,
      id,
      ...(request.getParent() !== "" && { parent: request.getParent() }),
      inputs,
      outputs: { ...inputs, ...rest, id },
      dependencies: request.getDependenciesList(),
      propertyDependencies: Object.fromEntries(
        [...request.getPropertydependenciesMap().entries()].map(([key, urns]) => [key, urns.getUrnsList()]),
      ),
      secrets,
      protect: request.getProtect(),
      ...(request.getAliasurnsList().length > 0 && { aliases: request.getAliasurnsList() }),
    });
    return { id, state: { ...given, ...rest } };
  }

  function nameOf(
    urn: string,
    { type, name }: { type: string; name: string },
    inputs: Record<string, unknown>,
  ) {
    return autonaming ? physicalName(urn, type, name, inputs) : name;
  }

  function call({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    const answer = computedAnswer(token, account);
    if (answer === undefined) {
      const details = `The program calls ${token}(${JSON.stringify(inputs)}) of AWS, which the local run cannot answer`;
      throw Object.assign(new Error(details), { details }); // Pulumi reads the details of a gRPC error, not its message
    }
    return answer;
  }
}

/** Resources register concurrently, so their order differs between runs. */
export function sortByUrn(resources: Resource[]): void {
  resources.sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** Without the feature "alias specs" of the monitor, the SDK sends aliases as URNs, including those inherited from a parent. */
function withAliasesAsUrns(monitor: Monitor): void {
  const ask = monitor.getDeploymentInfo.bind(monitor);
  monitor.getDeploymentInfo = (request, callback) =>
    ask(request, (error, features) => {
      const { RESOURCE_MONITOR_FEATURE_ALIAS_SPECS: parts } = messages.ResourceMonitorFeature;
      features.setSupportedfeaturesList(features.getSupportedfeaturesList().filter((one) => one !== parts));
      callback(error, features);
    });
}

/** Replaces resources in inputs by their ids, as the provider does. */
async function withIds(value: unknown): Promise<unknown> {
  if (pulumi.CustomResource.isInstance(value)) {
    return await new Promise((resolve) => value.id.apply(resolve));
  }
  if (pulumi.runtime.isRpcSecret(value) || isArchive(value) || isAsset(value)) return value;
  if (Array.isArray(value)) return await Promise.all(value.map(withIds));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await withIds(item)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Inputs as plain data: secrets are unwrapped and their paths recorded, archives unpacked, and assets described. */
async function plain(
  value: unknown,
  directory: string,
  path: readonly string[],
  secrets: string[],
): Promise<unknown> {
  if (pulumi.runtime.isRpcSecret(value)) {
    secrets.push(path.join("."));
    return plain(pulumi.runtime.unwrapRpcSecret(value), directory, path, secrets);
  }
  if (isArchive(value)) {
    await unpackArchive(value as pulumi.asset.Archive, directory);
    return { directory };
  }
  if (isAsset(value)) {
    return graphAsset(value as pulumi.asset.Asset);
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map((item, index) => plain(item, directory, [...path, String(index)], secrets)));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      async ([key, item]) => [key, await plain(item, directory, [...path, key], secrets)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }
  return value;
}

// Pulumi's type guards narrow to empty classes, which match every value in TypeScript.
const isArchive: (value: unknown) => boolean = pulumi.asset.Archive.isInstance;
const isAsset: (value: unknown) => boolean = pulumi.asset.Asset.isInstance;

/**
 * The URN that Pulumi's engine gives a resource, with the types of all its ancestors except the stack. Pulumi's mocks use
 * only the parent's type. https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 * @param resource.parent URN of the parent, or empty
 */
export function urnOf(resource: {
  readonly stack: string;
  readonly project: string;
  readonly parent: string;
  readonly type: string;
  readonly name: string;
}): string {
  const { stack, project, parent, type, name } = resource;
  const [, , parentType = ""] = parent.split("::");
  const isTop = parent === "" || parentType === "pulumi:pulumi:Stack";
  return `urn:pulumi:${[stack, project, isTop ? type : `${parentType}$${type}`, name].join("::")}`;
}
