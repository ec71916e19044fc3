import type { Location } from "../location.ts";
import type { Language } from "../messages/language.ts";
import type { Transition } from "../state.ts";
import type { FeedEntry } from "./feed.ts";

export function capMessage(
  transition: Transition,
  location: Location,
  { sender, languages }: { sender: string; languages: readonly Language[]; exercise?: boolean },
): { key: string; identifier: string; xml: string; entry: FeedEntry } {
  const identifier = transition.id.replaceAll(/[^A-Za-z0-9-]/g, "-");
  return {
    key: `cap/${identifier}.xml`,
    identifier,
    xml: `<alert><identifier>${identifier}</identifier><sender>${sender}</sender><area>${location.name}</area><l>${languages.join()}</l></alert>`,
    entry: {
      id: `tag:${identifier}`,
      title: transition.hazard,
      updated: transition.time,
      href: `${identifier}.xml`,
      summary: transition.kind,
    },
  };
}
