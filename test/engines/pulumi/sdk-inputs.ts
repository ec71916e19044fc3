/** What the SDK's declaration files say of a resource's inputs, for a provider that takes no others. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { asset } from "@pulumi/pulumi";
import ts from "typescript";

export interface InputProblem {
  /** Where, e.g. `streamModeDetails.streamMode`. */
  readonly property: string;
  readonly reason: string;
}

/** What Pulumi's engine sends in place of a value that only an update will know. */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks objects that stand for something else: a secret, an asset, an archive. The engine sends them so, too. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
const resources = new Map<string, ts.InterfaceDeclaration>();
const namespaces = new Map<string, ReadonlyMap<string, ts.InterfaceDeclaration>>();

/** Whether resources of a type, e.g. `aws:kinesis/stream:Stream`, have tags. */
export function isTaggable(type: string): boolean {
  return properties(argsOf(type)).has("tags");
}

/** Names of the inputs that a type takes; with `documented`, those that say so in their documentation. */
export function inputNames(type: string, documented?: RegExp): string[] {
  const all = [...properties(argsOf(type))];
  const said = all.filter(([, property]) => documented?.test(property.getFullText()) ?? true);
  return said.map(([name]) => name);
}

/** What a secret stands for; any other value as it is. */
export function revealed(value: unknown): unknown {
  return plain(value);
}

/**
 * What is wrong with a resource's inputs by its type: unknown properties at any depth, missing ones, other types.
 * @throws for a resource type that the SDK does not have
 */
export function inputProblems(type: string, inputs: Readonly<Record<string, unknown>>): InputProblem[] {
  return objectProblems(argsOf(type), inputs, "");
}

function argsOf(type: string): ts.InterfaceDeclaration {
  const found = resources.get(type) ?? readArgs(type);
  resources.set(type, found);
  return found;
}

/** `aws:kinesis/stream:Stream` -> `StreamArgs` of `kinesis/stream.d.ts`. */
function readArgs(type: string): ts.InterfaceDeclaration {
  const [, file = "", name = ""] = type.split(":");
  const text = readFileSync(join(sdk, `${file}.d.ts`), "utf8");
  const args = interfacesOf(parse(text).statements).get(`${name}Args`);
  if (args === undefined) throw new Error(`${file}.d.ts of @pulumi/aws declares no ${name}Args`);
  return args;
}

/** `inputs.kinesis.StreamStreamModeDetails` -> what `types/input.d.ts` declares. */
function nestedType(qualifiedName: string): ts.InterfaceDeclaration {
  const [, namespace = "", name = ""] = qualifiedName.split(".");
  const known = namespaces.get(namespace) ?? readNamespace(namespace);
  namespaces.set(namespace, known);
  const found = known.get(name);
  if (found === undefined) throw new Error(`types/input.d.ts of @pulumi/aws declares no ${qualifiedName}`);
  return found;
}

/** One namespace of a file of 5 MB, the rest of which is not parsed. */
function readNamespace(namespace: string): ReadonlyMap<string, ts.InterfaceDeclaration> {
  const file = readFileSync(join(sdk, "types/input.d.ts"), "utf8");
  const from = file.indexOf(`export declare namespace ${namespace} {`);
  const body = parse(file.slice(from, file.indexOf("\n}", from) + 2)).statements[0];
  if (
    from < 0 ||
    body === undefined ||
    !ts.isModuleDeclaration(body) ||
    !body.body ||
    !ts.isModuleBlock(body.body)
  ) {
    throw new Error(`types/input.d.ts of @pulumi/aws declares no namespace ${namespace}`);
  }
  return interfacesOf(body.body.statements);
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("declarations.d.ts", text, ts.ScriptTarget.Latest, true);
}

function interfacesOf(statements: readonly ts.Statement[]): ReadonlyMap<string, ts.InterfaceDeclaration> {
  return new Map(statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one]));
}

function properties(declaration: ts.InterfaceDeclaration): ReadonlyMap<string, ts.PropertySignature> {
  return new Map(declaration.members.filter(ts.isPropertySignature).map((one) => [one.name.getText(), one]));
}

function objectProblems(
  declaration: ts.InterfaceDeclaration,
  value: Readonly<Record<string, unknown>>,
  path: string,
): InputProblem[] {
  const known = properties(declaration);
  const unknown = Object.keys(value).filter((name) => !known.has(name) && name !== "__defaults");
  return [
    ...unknown.map((name) => ({
      property: at(path, name),
      reason: `${declaration.name.text} has no property "${name}"; it has: ${[...known.keys()].join(", ")}`,
    })),
    ...[...known].flatMap(([name, { type, questionToken }]) => {
      const given = plain(value[name]);
      if (given === undefined) {
        return questionToken ? [] : [{ property: at(path, name), reason: "It is missing" }];
      }
      return type ? problems(type, given, at(path, name)) : [];
    }),
  ];
}

function at(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** What a secret or an output stands for. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { value: held } = value as { value?: unknown };
  if (signatureOf(value) === SECRET) return held;
  return signatureOf(value) === OUTPUT ? (held ?? UNKNOWN_VALUE) : value;
}

function signatureOf(value: object): unknown {
  return (value as Record<string, unknown>)[SIGNATURE];
}

function problems(type: ts.TypeNode, value: unknown, path: string): InputProblem[] {
  const given = plain(value);
  if (given === UNKNOWN_VALUE) return [];
  if (ts.isUnionTypeNode(type)) return unionProblems(type, given, path);
  if (ts.isArrayTypeNode(type)) return listProblems(type.elementType, given, path);
  if (ts.isParenthesizedTypeNode(type)) return problems(type.type, given, path);
  if (ts.isTypeLiteralNode(type)) return mapProblems(type, given, path);
  if (ts.isTypeReferenceNode(type)) return referenceProblems(type, given, path);
  return expected(KEYWORDS[type.kind], given, path);
}

const KEYWORDS: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.StringKeyword]: "string",
  [ts.SyntaxKind.NumberKeyword]: "number",
  [ts.SyntaxKind.BooleanKeyword]: "boolean",
  [ts.SyntaxKind.UndefinedKeyword]: "undefined",
};

function expected(wanted: string | undefined, value: unknown, path: string): InputProblem[] {
  if (wanted === undefined) throw new Error(`${path} is declared as a type that this file does not know`);
  return typeof value === wanted
    ? []
    : [{ property: path, reason: `It is ${describe(value)}, not a ${wanted}` }];
}

function describe(value: unknown): string {
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/** No problem when one of the types fits, else those of the one that fits best: not of another kind altogether. */
function unionProblems({ types }: ts.UnionTypeNode, value: unknown, path: string): InputProblem[] {
  const found = types.map((type) => problems(type, value, path));
  if (found.some(({ length }) => length === 0)) return [];
  return found.find((list) => list.some(({ property }) => property !== path)) ?? found[0] ?? [];
}

function listProblems(element: ts.TypeNode, value: unknown, path: string): InputProblem[] {
  if (!Array.isArray(value)) return [{ property: path, reason: `It is ${describe(value)}, not a list` }];
  return value.flatMap((item, index) => problems(element, item, `${path}[${index}]`));
}

/** `{ [key: string]: pulumi.Input<string> }`. */
function mapProblems({ members }: ts.TypeLiteralNode, value: unknown, path: string): InputProblem[] {
  const [signature] = members;
  if (signature === undefined || !ts.isIndexSignatureDeclaration(signature)) {
    throw new Error(`${path} is declared as a type that this file does not know`);
  }
  if (!isObject(value)) return [{ property: path, reason: `It is ${describe(value)}, not a map` }];
  return Object.entries(value).flatMap(([key, item]) => problems(signature.type, item, at(path, key)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && signatureOf(value) === undefined
  );
}

function referenceProblems(type: ts.TypeReferenceNode, value: unknown, path: string): InputProblem[] {
  const name = type.typeName.getText();
  const [inner] = type.typeArguments ?? [];
  if (name === "pulumi.Input" && inner !== undefined) return problems(inner, value, path);
  if (name.startsWith("inputs.")) {
    return isObject(value)
      ? objectProblems(nestedType(name), value, path)
      : [{ property: path, reason: `It is ${describe(value)}, not an object` }];
  }
  if (name.startsWith("enums.") || name === "ARN") return expected("string", value, path);
  if (name === "pulumi.asset.Asset") return signed(asset.Asset.isInstance, ASSET, value, path, "asset");
  if (name === "pulumi.asset.Archive")
    return signed(asset.Archive.isInstance, ARCHIVE, value, path, "archive");
  // A resource of the SDK, by its class: what arrives is its id or ARN, and the union says `string`, too.
  return [{ property: path, reason: `It is ${describe(value)}, not a resource of class ${name}` }];
}

const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

function signed(
  isInstance: (value: unknown) => boolean,
  signature: string,
  value: unknown,
  path: string,
  kind: string,
): InputProblem[] {
  const fits =
    typeof value === "object" && value !== null && (isInstance(value) || signatureOf(value) === signature);
  return fits ? [] : [{ property: path, reason: `It is ${describe(value)}, not an ${kind}` }];
}
