import type { Gateway, Principal } from "../endpoint/operation.ts";

export interface CrawlContext {
  readonly gateway: Gateway;
  /** The crawler's role. */
  readonly principal: Principal;
  readonly log: (line: string) => void;
}
