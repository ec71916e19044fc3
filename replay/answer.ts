/** What the loopback server answers; `body` is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const COORDINATE = /^\s*-?\d+(\.\d+)?\s*$/;

/** A coordinate in degrees, undefined for anything but a decimal number. */
export function parseDegrees(text: string | undefined): number | undefined {
  return text !== undefined && COORDINATE.test(text) ? Number(text) : undefined;
}
