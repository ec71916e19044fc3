import { once } from "node:events";
import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A call of SNS's Publish: the message as it was sent, with the texts of all protocols. */
export interface Publication {
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly structure: string | undefined;
  readonly message: string;
  /** By name: data type and value. */
  readonly attributes: Readonly<Record<string, readonly [type: string, value: string]>>;
}

export interface PublicationRecorder {
  /** What `AWS_ENDPOINT_URL_SNS` has to say. */
  readonly url: string;
  readonly publications: readonly Publication[];
  stop(): Promise<void>;
}

/**
 * Stands between functions and an emulator's SNS: hands every request on unchanged and keeps those that publish. Nothing
 * else shows what phones and mailboxes get: MiniStack sends neither SMS nor e-mail.
 */
export async function recordPublications(targetPort: number): Promise<PublicationRecorder> {
  const publications: Publication[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const answer = await forward(request, body, targetPort);
    const answerBody = await buffer(answer);
    const form = new URLSearchParams(body.toString("utf8"));
    if (answer.statusCode === 200 && form.get("Action") === "Publish") publications.push(readForm(form));
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(answerBody);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    publications,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function forward(request: IncomingMessage, body: Buffer, port: number): Promise<IncomingMessage> {
  const { method = "POST", url: path = "/", headers } = request;
  const forwarded = send({ host: "127.0.0.1", port, method, path, headers });
  forwarded.end(body);
  const [answer] = (await once(forwarded, "response")) as [IncomingMessage];
  return answer;
}

/** AWS Query: `MessageAttributes.entry.1.Name=kind&MessageAttributes.entry.1.Value.DataType=String&…` */
function readForm(form: URLSearchParams): Publication {
  const attributes: Record<string, readonly [string, string]> = {};
  for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index++) {
    const field = (name: string) => form.get(`MessageAttributes.entry.${index}.${name}`) ?? "";
    attributes[field("Name")] = [field("Value.DataType"), field("Value.StringValue")];
  }
  return {
    topicArn: form.get("TopicArn") ?? "",
    subject: form.get("Subject") ?? undefined,
    structure: form.get("MessageStructure") ?? undefined,
    message: form.get("Message") ?? "",
    attributes,
  };
}
