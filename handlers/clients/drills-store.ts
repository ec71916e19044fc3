import type { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod/mini";
import { transitionSchema } from "../weather/alerts/transition.ts";
import { ConflictError, createSwapStore } from "./compare-and-swap.ts";
import type { Log, Sends } from "./dependencies.ts";

/** Key of the list of running drills. */
const DRILLS_KEY = "state/drills.json";

const runningDrill = z.object({
  /** The simulated alert. */
  transition: transitionSchema,
  /** When its Alert is published, ISO 8601 UTC. */
  sent: z.string(),
  /** When its Cancel is published, ISO 8601 UTC; absent until it is due. */
  cancelled: z.optional(z.string()),
});
/** A drill whose CAP message is not cancelled yet. */
type RunningDrill = z.infer<typeof runningDrill>;

const drillsSchema = z.object({ version: z.literal(1), drills: z.array(runningDrill) });

/** The running drills in S3, written with compare-and-swap. */
interface DrillsStore {
  load(): Promise<readonly RunningDrill[]>;
  /**
   * Replaces the list by what `change` makes of it, which is called again when another writes at the same time. Throws
   * what S3 throws.
   */
  update(
    change: (drills: readonly RunningDrill[]) => readonly RunningDrill[],
  ): Promise<readonly RunningDrill[]>;
}

/** A drill and a watch meet once. */
const MAX_TRIES = 5;

export function createDrillsStore(s3: Sends<S3Client>, bucketName: string, log: Log): DrillsStore {
  const objects = createSwapStore(s3, bucketName);
  return {
    async load() {
      return readDrills((await objects.read(DRILLS_KEY)).text, log);
    },

    async update(change) {
      for (let tries = 1; ; tries++) {
        const found = await objects.read(DRILLS_KEY);
        const drills = change(readDrills(found.text, log));
        try {
          await objects.replace(
            DRILLS_KEY,
            JSON.stringify({ version: 1, drills }),
            "application/json",
            found,
          );
          return drills;
        } catch (error) {
          if (!(error instanceof ConflictError) || tries === MAX_TRIES) throw error;
        }
      }
    },
  };
}

/** A list that cannot be read is replaced: at worst an exercise expires without its Cancel. */
function readDrills(text: string | undefined, log: Log): readonly RunningDrill[] {
  if (text === undefined) return [];
  try {
    return drillsSchema.parse(JSON.parse(text)).drills;
  } catch (error) {
    log.error("the list of drills cannot be read and is replaced", {
      key: DRILLS_KEY,
      reason: String(error),
    });
    return [];
  }
}
