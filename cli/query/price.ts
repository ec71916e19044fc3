/** US dollars for a terabyte scanned, in most regions; failed queries cost nothing. https://aws.amazon.com/athena/pricing/ */
export const DOLLARS_PER_TERABYTE = 5;

/** Bytes are rounded up to megabytes, to ten of them at least. Decimal ones, as Athena's API counts its 10 MB minimum. */
const MEGABYTE = 1e6;
const LEAST_MEGABYTES = 10;
const MEGABYTES_PER_TERABYTE = 1e6;

/** What Athena charges for a query that scanned so many bytes, in US dollars. */
export function priceDollars(bytes: number): number {
  const megabytes = Math.max(LEAST_MEGABYTES, Math.ceil(bytes / MEGABYTE));
  return (megabytes * DOLLARS_PER_TERABYTE) / MEGABYTES_PER_TERABYTE;
}

function formatDollars(dollars: number): string {
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    maximumSignificantDigits: 3,
  }).format(dollars);
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `12.3 MB`, by thousands. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${UNITS[power]}`;
}

/** What queries on Athena cost together, by the bytes that each scanned. */
export function formatAthenaCost(...scans: readonly number[]): string {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return `scanned ${formatBytes(sum(scans))}, ${formatDollars(sum(scans.map(priceDollars)))}`;
}

/** What a query on local files would cost on Athena, which skips what the partitions exclude. */
export function formatLocalCost(bytes: number): string {
  const price = formatDollars(priceDollars(bytes));
  return `its tables have ${formatBytes(bytes)} of files; Athena would take ${price} at most`;
}
