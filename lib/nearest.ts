import { distance } from "fastest-levenshtein";

/** A name that differs in more of its characters than this was probably not meant. */
const LARGEST_SHARE = 0.4;

/**
 * The known name that was probably meant: the same but for capitals, one that begins with or contains it, or one with a
 * typing error. Undefined when no name is near.
 */
export function nearestOf(found: string, known: readonly string[]): string | undefined {
  const wanted = found.trim().toLowerCase();
  if (wanted === "") return undefined;
  const lower = known.map((name) => ({ name, text: name.toLowerCase() }));
  const contained = wanted.length < 3 ? [] : lower.filter(({ text }) => text.includes(wanted));
  const same = lower.find(({ text }) => text === wanted);
  const beginning = contained.find(({ text }) => text.startsWith(wanted));
  if (same ?? beginning ?? contained[0]) return (same ?? beginning ?? contained[0])?.name;
  const [typed] = lower
    .map(({ name, text }) => ({
      name,
      misfit: distance(wanted, text) / Math.max(wanted.length, text.length),
    }))
    .filter(({ misfit }) => misfit <= LARGEST_SHARE)
    .sort((a, b) => a.misfit - b.misfit);
  return typed?.name;
}
