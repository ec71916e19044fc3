import type { Invocation } from "../command.ts";
import { openPlace, type PlaceOptions } from "../stack/open.ts";
import { readHeadings } from "./entries.ts";
import { formatList, formatRedrive, listJson, redriveJson } from "./format.ts";
import { redrive } from "./redrive.ts";

interface RedriveOptions extends PlaceOptions {
  readonly run: boolean;
  /** Only what this function left, by its name in the program. */
  readonly function?: string | undefined;
  readonly json: boolean;
}

export async function runRedrive(
  options: RedriveOptions,
  { projectDirectory, out, exit }: Invocation,
): Promise<void> {
  const place = await openPlace(options, projectDirectory);
  const headings = await place.readable((store) => readHeadings(store, place, options.function));
  if (!options.run) {
    out(options.json ? listJson(place, headings) : formatList(place, headings));
    if (headings.length > 0) exit(1);
    return;
  }
  // The functions are started only when there is something to replay.
  const report =
    headings.length === 0
      ? { replayed: [], remaining: [] }
      : await place.withFunctions((store, invoke) => redrive(headings, store, invoke, place));
  out(options.json ? redriveJson(place, report) : formatRedrive(place, report));
  if (report.remaining.length > 0) exit(1);
}
