import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import type { Transition } from "../weather/alerts/transition.ts";
import { FEED_KEY } from "../weather/cap/cap-identity.ts";
import { type CapOptions, capMessage } from "../weather/cap/cap-message.ts";
import { addToFeed, type FeedEntry } from "../weather/cap/feed.ts";
import type { Issuer } from "../weather/messages/issuer.ts";
import type { Language } from "../weather/messages/tags.ts";
import type { Location } from "../weather/observation/location.ts";
import { ConflictError, createSwapStore } from "./compare-and-swap.ts";
import type { Log, Sends } from "./dependencies.ts";

export interface CapStoreOptions {
  readonly bucketName: string;
  /** Sender of the messages. */
  readonly sender: string;
  /** One block of texts for each language. */
  readonly languages: readonly Language[];
  readonly issuer?: Issuer;
}

/** Transitions as CAP documents below `cap/`, and an Atom feed that lists them. */
export interface CapStore {
  /** Idempotent. Throws the errors of S3, and {@link ConflictError} when the feed was changed by others at every try. */
  write(
    transition: Transition,
    location: Location,
    options: Pick<CapOptions, "exercise" | "publication">,
  ): Promise<void>;
}

/** Each failed try means that another container added an entry. At most 20 shards are read by five containers each. */
const MAX_TRIES = 100;

export function createCapStore(s3: Sends<S3Client>, options: CapStoreOptions, log: Log): CapStore {
  const { bucketName, sender, languages, issuer } = options;
  const objects = createSwapStore(s3, bucketName);
  const feed = {
    feedId: `s3://${bucketName}/${FEED_KEY}`, // an Atom id must be unique in the world, as bucket names are
    title: "Stormwire",
    onUnreadable: (reason: string) =>
      log.error("the CAP feed cannot be read and is reset", { key: FEED_KEY, reason }),
  };

  const addEntry = async (entry: FeedEntry): Promise<void> => {
    for (let tries = 1; ; tries++) {
      const current = await objects.read(FEED_KEY);
      const text = addToFeed(current.text, entry, feed);
      if (text === current.text) return;
      try {
        await objects.replace(FEED_KEY, text, "application/atom+xml", current);
        return;
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === MAX_TRIES) throw error;
      }
    }
  };

  // A storm affects many locations. Within a container, their feed updates run one after another instead of conflicting.
  const inTurn = pLimit(1);

  return {
    async write(transition, location, { exercise = false, publication }) {
      const message = { sender, languages, issuer, exercise, publication };
      const { key, xml, entry } = capMessage(transition, location, message);
      const document = {
        Bucket: bucketName,
        Key: key,
        Body: xml,
        ContentType: "application/cap+xml",
      };
      await s3.send(new PutObjectCommand(document));
      await inTurn(() => addEntry(entry));
    },
  };
}
