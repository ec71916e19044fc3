import { XMLBuilder } from "fast-xml-parser";
import { AwsError } from "./error.ts";
import type { Codec, HttpResponse } from "./operation.ts";

interface QueryCodecOptions {
  /** XML namespace of the service, e.g. `http://sns.amazonaws.com/doc/2010-03-31/`. */
  readonly namespace: string;
  /** Output fields that are maps (`entry`/`key`/`value` on the wire), e.g. `Attributes`; other objects are structures. */
  readonly mapFields?: readonly string[];
}

/**
 * AWS Query: a form in, XML out. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 * Every leaf of a decoded input is a string: operations coerce numbers and booleans, and read blobs with `blob()`.
 * Lists (`member.N`) decode to arrays, maps (`entry.N`) to objects.
 */
export function createQueryCodec({ namespace, mapFields = [] }: QueryCodecOptions): Codec {
  const maps = new Set(mapFields);
  return {
    decode(request) {
      const form = new URLSearchParams(request.body.toString("utf8"));
      const operation = form.get("Action") ?? request.query.get("Action");
      if (operation === null)
        throw new AwsError("MissingAction", "The request must contain the parameter Action");
      return { operation, input: decodeForm(form.size > 0 ? form : request.query) };
    },
    encode(operation, output, requestId) {
      const content = encodeStructure(output ?? {}, maps);
      const response = {
        [`${operation}Response`]: {
          "@xmlns": namespace,
          [`${operation}Result`]: content,
          ResponseMetadata: { RequestId: requestId },
        },
      };
      return respond(200, requestId, response);
    },
    encodeError(error, requestId) {
      const known = error instanceof AwsError;
      const statusCode = known ? error.statusCode : 500;
      const fault = {
        Type: statusCode < 500 ? "Sender" : "Receiver",
        Code: known ? error.code : "InternalFailure",
        Message: error.message,
      };
      return respond(statusCode, requestId, {
        ErrorResponse: { "@xmlns": namespace, Error: fault, RequestId: requestId },
      });
    },
  };
}

/** A node of the form's tree. Children are a map, so that `__proto__` is an ordinary field name. */
interface FormNode {
  value?: string;
  readonly children: Map<string, FormNode>;
}

function decodeForm(form: URLSearchParams): unknown {
  const root: FormNode = { children: new Map() };
  for (const [path, value] of form) {
    if (path === "Action" || path === "Version") continue;
    let node = root;
    for (const step of path.split(".")) {
      const child = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, child);
      node = child;
    }
    node.value = value;
  }
  return decodeStructure(root);
}

function decodeNode(node: FormNode): unknown {
  if (node.children.size === 0) return node.value;
  const [only] = node.children.keys();
  const member = node.children.size === 1 ? node.children.get("member") : undefined;
  if (only === "member" && member !== undefined) return inOrder(member).map(decodeNode);
  const entry = node.children.size === 1 ? node.children.get("entry") : undefined;
  if (only === "entry" && entry !== undefined) return Object.fromEntries(inOrder(entry).map(decodeEntry));
  return decodeStructure(node);
}

function decodeStructure(node: FormNode): unknown {
  return Object.fromEntries([...node.children].map(([name, child]) => [name, decodeNode(child)]));
}

/** The key and value of a map entry: SNS uses `Name`/`Value` for message attributes and `key`/`value` elsewhere. */
function decodeEntry(entry: FormNode): [string, unknown] {
  const key = entry.children.get("key") ?? entry.children.get("Name");
  const value = entry.children.get("value") ?? entry.children.get("Value");
  if (key?.value === undefined || value === undefined) {
    throw new AwsError("MalformedQueryString", "A map entry has no key or no value");
  }
  return [key.value, decodeNode(value)];
}

function inOrder(node: FormNode): FormNode[] {
  return [...node.children].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}

function encodeStructure(value: unknown, maps: ReadonlySet<string>): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return { member: value.map((item) => encodeStructure(item, maps)) };
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      maps.has(name) ? encodeMap(member, maps) : encodeStructure(member, maps),
    ]),
  );
}

function encodeMap(map: object, maps: ReadonlySet<string>): unknown {
  const entries = Object.entries(map);
  return { entry: entries.map(([key, value]) => ({ key, value: encodeStructure(value, maps) })) };
}

function respond(statusCode: number, requestId: string, content: unknown): HttpResponse {
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@" });
  return {
    statusCode,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: builder.build(content),
  };
}
