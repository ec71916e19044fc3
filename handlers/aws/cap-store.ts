import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { capMessage } from "../weather/cap/cap.ts";
import { addToFeed } from "../weather/cap/feed.ts";
import type { Location } from "../weather/location.ts";
import { alertMessage } from "../weather/messages/alert-message.ts";
import { type Language, wordsOf } from "../weather/messages/language.ts";
import type { Transition } from "../weather/state.ts";
import { ConflictError, createSwapStore } from "./compare-and-swap.ts";
import type { Log, Sends } from "./dependencies.ts";
import { createTurn } from "./turn.ts";

export interface CapStoreOptions {
  readonly bucketName: string;
  /** Who issues the messages. */
  readonly sender: string;
  /** The first is the feed's. */
  readonly languages: readonly Language[];
}

/** Transitions as CAP documents below `cap/`, listed newest first in an Atom feed. */
export interface CapStore {
  /** Done again it changes nothing. Throws what S3 throws, and {@link ConflictError} when the feed cannot be won. */
  write(transition: Transition, location: Location): Promise<void>;
}

const FEED_KEY = "cap/index.xml";

/** A hub polls the feed every few minutes; the documents themselves stay. */
const FEED_LIMIT = 100;

/** Each lost try is another container's entry, and the stream has at most 20 shards at once. */
const MAX_TRIES = 20;

export function createCapStore(s3: Sends<S3Client>, options: CapStoreOptions, log: Log): CapStore {
  const { bucketName, sender, languages } = options;
  const objects = createSwapStore(s3, bucketName);
  // Feed and entries are named where they lie: bucket names are unique in the world, an Atom id must be.
  const uri = (key: string) => `s3://${bucketName}/${key}`;
  const feed = { feedId: uri(FEED_KEY), title: "Stormwire", limit: FEED_LIMIT };

  const extend = (existing: string | undefined, entry: Parameters<typeof addToFeed>[1]): string => {
    try {
      return addToFeed(existing, entry, feed);
    } catch (error) {
      log.error("the CAP feed cannot be read and begins anew", { key: FEED_KEY, reason: String(error) });
      return addToFeed(undefined, entry, feed);
    }
  };

  const addEntry = async (entry: Parameters<typeof addToFeed>[1]): Promise<void> => {
    for (let tries = 1; ; tries++) {
      const current = await objects.read(FEED_KEY);
      const text = extend(current.text, entry);
      if (text === current.text) return;
      try {
        await objects.replace(FEED_KEY, text, "application/atom+xml", current);
        return;
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === MAX_TRIES) throw error;
      }
    }
  };

  // A storm is over many places at once: within a container they take turns at the feed instead of racing for it.
  const inTurn = createTurn();

  return {
    async write(transition, location) {
      const { key, xml } = capMessage(transition, location, { sender, languages });
      await s3.send(
        new PutObjectCommand({
          Bucket: bucketName,
          Key: key,
          Body: xml,
          ContentType: "application/cap+xml",
        }),
      );
      const { subject, sms } = alertMessage(transition, location, wordsOf(languages[0] ?? "en"));
      const href = key.slice(key.indexOf("/") + 1); // relative to the feed
      await inTurn(() =>
        addEntry({ id: uri(key), title: subject, updated: transition.time, href, summary: sms }),
      );
    },
  };
}
