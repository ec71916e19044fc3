import { createHmac } from "node:crypto";

const SECRET_PREFIX = "whsec_";

/**
 * The headers that Standard Webhooks signs a body with: HMAC-SHA256 over `ID.TIMESTAMP.BODY`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 *
 * @param signed.secret `whsec_` and the key in base64
 * @param signed.time of the attempt
 */
export function signatureHeaders(signed: {
  readonly id: string;
  readonly body: string;
  readonly secret: string;
  readonly time: Date;
}): Record<string, string> {
  const { id, body, secret, time } = signed;
  const timestamp = Math.floor(time.getTime() / 1000);
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
}
