/** Base of what the delivery of a webhook fails with. Messages name hosts; never a URL, a key or a chat. */
export class WebhookError extends Error {
  override readonly name: string = "WebhookError";
}

/** Thrown when the topic delivers something else than a message for programs, e.g. a manually published text. */
export class WebhookMessageError extends WebhookError {
  override readonly name = "WebhookMessageError";
}

/** Thrown when the parameter does not hold what the format needs. */
export class WebhookTargetError extends WebhookError {
  override readonly name = "WebhookTargetError";
}

/** Thrown on any answer but 2xx, 408, 429 and 5xx: asking again would not help, so it is not tried. */
export class WebhookRefusedError extends WebhookError {
  override readonly name = "WebhookRefusedError";
}

/** Thrown on 408, 429, 5xx, timeouts and network errors, after the retries. */
export class WebhookUnavailableError extends WebhookError {
  override readonly name = "WebhookUnavailableError";
}
