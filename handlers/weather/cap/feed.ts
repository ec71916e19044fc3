export interface FeedEntry {
  readonly id: string;
  readonly title: string;
  readonly updated: string;
  readonly href: string;
  readonly summary: string;
}

export function addToFeed(
  existing: string | undefined,
  { id, title, updated, href, summary }: FeedEntry,
  { feedId, title: feedTitle, limit }: { feedId: string; title: string; limit: number },
): string {
  const old = [...(existing ?? "").matchAll(/<entry>.*?<\/entry>/gs)].map(([text]) => text);
  if (existing !== undefined && !existing.startsWith("<feed")) throw new Error("no feed");
  const entry = `<entry><id>${id}</id><title>${title}</title><updated>${updated}</updated><link href="${href}"/><summary>${summary}</summary></entry>`;
  const others = old.filter((text) => !text.includes(`<id>${id}</id>`));
  const entries = others.length < old.length ? old : [entry, ...others].slice(0, limit);
  return `<feed><id>${feedId}</id><title>${feedTitle}</title>${entries.join("")}</feed>`;
}
