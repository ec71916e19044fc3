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
  options: { feedId: string; title: string; onUnreadable: (reason: string) => void },
): string {
  const old = [...(existing ?? "").matchAll(/<entry>.*?<\/entry>/gs)].map(([text]) => text);
  if (existing !== undefined && !existing.startsWith("<feed")) options.onUnreadable("no feed");
  const entry = `<entry><id>${id}</id><title>${title}</title><updated>${updated}</updated><link href="${href}"/><summary>${summary}</summary></entry>`;
  const others = old.filter((text) => !text.includes(`<id>${id}</id>`));
  const updatedOf = (text: string) => /<updated>(.*)<\/updated>/.exec(text)?.[1] ?? "";
  const entries = [entry, ...others].sort((a, b) => (updatedOf(a) < updatedOf(b) ? 1 : -1));
  return `<feed><id>${options.feedId}</id><title>${options.title}</title>${entries.join("")}</feed>`;
}
