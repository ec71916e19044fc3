import type { SavedQuery } from "../../queries/saved-queries.ts";

const COUNTS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split(
  " ",
);

/** How many columns a query's header says that it reads, of each table or number of columns that it tells apart. */
export function countedColumns({ cost }: SavedQuery): number[] {
  if (cost.startsWith("location, time and the metric ")) return [3];
  return [...cost.matchAll(/(?:^|and )(\w+) (?:columns|of)/g)].map(([, word = ""]) => COUNTS.indexOf(word));
}
