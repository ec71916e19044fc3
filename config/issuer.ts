import type { Advice, Issuer } from "../handlers/weather/messages/issuer.ts";
import type { StormwireConfig } from "./schema.ts";

/** Who sends and what they advise, as functions get it. */
export function issuerOf({
  sender,
  advice,
}: Pick<StormwireConfig, "advice"> & { sender?: string | undefined }): Issuer {
  return { ...(sender !== undefined && { sender }), advice: advice as Advice };
}
