import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { ReplayError } from "./error.ts";
import { readWhole } from "./file.ts";
import { readInmet } from "./inmet.ts";
import { writeReadings } from "./readings-file.ts";

const USAGE = `Re-encodes an INMET hourly CSV as a readings file (see data/README.md).

  node replay/encode-readings.ts --station "A801 Porto Alegre, RS, Brazil (-30.0536, -51.1747)" INMET.csv READINGS.csv
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { station: { type: "string" } },
    allowPositionals: true,
  });
  const [source, target] = positionals;
  if (values.station === undefined || source === undefined || target === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const readings = readInmet(source, await readWhole(source));
  const comments = [
    `Hourly observations of INMET automatic station ${values.station}.`,
    "Source and credit: INMET (Instituto Nacional de Meteorologia, Brazil), public observations.",
    "Re-encoded by replay/encode-readings.ts. Times are UTC; a blank cell was not measured.",
  ];
  await writeFile(target, writeReadings(readings, comments));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ReplayError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
