import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { urlToHttpOptions } from "node:url";

const AWS_HOST = /(^|\.)amazonaws\.com$/;

/**
 * Sends what a function asks of a host of AWS to the local endpoint, whatever its client was given: an SQS client goes to
 * the host of the queue's URL, and the AWS SDK v2 does not read AWS_ENDPOINT_URL. The signature stays valid, because the
 * Host header stays as it was signed.
 */
export function redirectAwsHosts(endpointUrl: string): void {
  const { hostname: host, port } = new URL(endpointUrl);
  const original = https.request;
  const request = (...args: readonly unknown[]): http.ClientRequest => {
    const { options, rest } = optionsOf(args);
    if (!AWS_HOST.test(String(options.hostname ?? options.host ?? ""))) {
      return Reflect.apply(original, https, args);
    }
    const { agent: _, protocol: __, hostname: ___, ...kept } = options;
    const asked = options.hostname ?? options.host;
    const headers = { host: asked, ...(kept.headers as http.OutgoingHttpHeaders | undefined) };
    return Reflect.apply(http.request, http, [{ ...kept, headers, host, port }, ...rest]);
  };
  const get = (...args: readonly unknown[]): http.ClientRequest => {
    const sent = request(...args);
    sent.end();
    return sent;
  };
  Object.assign(https, { request, get });
  syncBuiltinESMExports();
}

/** `request(url, options?, callback?)` and `request(options, callback?)` as one. */
function optionsOf(args: readonly unknown[]): { options: https.RequestOptions; rest: readonly unknown[] } {
  const [first, ...others] = args;
  if (typeof first !== "string" && !(first instanceof URL)) {
    return { options: (first ?? {}) as https.RequestOptions, rest: others };
  }
  const fromUrl = urlToHttpOptions(new URL(first)) as https.RequestOptions;
  const [second, ...rest] = others;
  if (typeof second === "object" && second !== null) return { options: { ...fromUrl, ...second }, rest };
  return { options: fromUrl, rest: others };
}
