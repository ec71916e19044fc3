import { parseJson } from "../../../lib/json.ts";
import {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpOptions,
  isSuccess,
  NoAnswerError,
} from "../../http/http-client.ts";
import { errorOfStatus, type SourceError, UnavailableError } from "./errors.ts";

export interface HttpRequest {
  readonly url: URL;
  /** Names the service in errors. */
  readonly service: string;
  /**
   * The status that the JSON of a 2xx answer amounts to: 2xx when weather is in it, {@link NO_WEATHER} or the status that
   * an error in it names otherwise.
   */
  readonly judge: (json: unknown) => number;
  /** Says what the JSON of an error means. The message is cleared of `secrets` afterwards. */
  readonly explain: (json: unknown) => string | undefined;
  readonly secrets?: readonly string[];
}

export interface Http {
  /** The JSON of an answer that `judge` accepts. Throws a {@link SourceError}. */
  get(request: HttpRequest): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * What a 2xx answer without weather amounts to, such as an error text, a page of a proxy or JSON that was cut off: a
 * failure of the service's own servers (Bad Gateway), which the next attempt may not meet.
 */
export const NO_WEATHER = 502;

/** Enough of an unexpected body to recognize it in a log. */
const MAX_QUOTED_LENGTH = 200;

/**
 * HTTP to weather services. Its four parallel calls stay near Tomorrow.io's 3 a second (free plan); a request
 * beyond that is answered with 429 and retried.
 */
export function createHttp(options: HttpOptions = {}): Http {
  const client = createHttpClient(options);
  return { get: (call) => get(client, call), close: () => client.close() };
}

async function get(client: HttpClient, call: HttpRequest): Promise<unknown> {
  const judge = (body: string) => {
    const json = parseBody(body);
    return json === undefined ? NO_WEATHER : call.judge(json);
  };
  const answer = await client.send({ url: call.url, judge }).catch((error: unknown) => {
    throw error instanceof NoAnswerError ? unanswered(call, error) : error;
  });
  if (isSuccess(answer.outcome)) return parseBody(answer.body);
  throw refusal(call, answer);
}

function unanswered(call: HttpRequest, { message, cause }: NoAnswerError): UnavailableError {
  return new UnavailableError(conceal(`${call.service} did not answer: ${message}`, call.secrets), { cause });
}

function refusal(call: HttpRequest, { status, outcome, body }: HttpAnswer): SourceError {
  const json = parseBody(body);
  const meaning = json === undefined ? undefined : call.explain(json);
  const answered = `${call.service} answered ${status}`;
  if (!isSuccess(status)) {
    return errorOfStatus(outcome, conceal(`${answered}: ${meaning ?? "no reason given"}`, call.secrets));
  }
  const shown = meaning === undefined ? quote(conceal(body, call.secrets)) : conceal(meaning, call.secrets);
  return errorOfStatus(outcome, `${answered} without weather: ${shown}`);
}

function quote(body: string): string {
  return JSON.stringify(body.length > MAX_QUOTED_LENGTH ? `${body.slice(0, MAX_QUOTED_LENGTH)}…` : body);
}

/** Services like to quote the request in their errors, and Tomorrow.io's request carries the key in its query. */
function conceal(message: string, secrets: readonly string[] = []): string {
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return spellings
    .filter((secret) => secret !== "")
    .reduce((text, secret) => text.replaceAll(secret, "***"), message);
}

/**
 * A text, or a number that JSON has no way to write. Texts are matched so that what looks like a number in them stays; one
 * that does not end matches as well, or each quote in it would be tried as a beginning.
 */
const TEXT_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"?|[-+]?\b(?:nan|inf|infinity)\b/gi;

/**
 * The JSON of a body; undefined when it is not JSON. A bare `nan` or `inf` is read as null, which is unknown: Open-Meteo
 * writes one where a model has no value (https://github.com/open-meteo/open-meteo/issues/314), and the other values and
 * locations of that body are sound.
 */
function parseBody(body: string): unknown {
  return (
    parseJson(body) ??
    parseJson(body.replace(TEXT_OR_NO_NUMBER, (found) => (found[0] === '"' ? found : "null")))
  );
}
