import type { Meter } from "../../../handlers/clients/metrics.ts";

/** A meter that keeps what was published: one object an invocation, by metric; several values are added up. */
export function createFakeMeter(): Meter<string> & { readonly published: Record<string, number>[] } {
  const published: Record<string, number>[] = [];
  let counts: Record<string, number> = {};
  return {
    published,
    add(name, value) {
      counts[name] = (counts[name] ?? 0) + value;
    },
    publish() {
      published.push(counts);
      counts = {};
    },
  };
}
