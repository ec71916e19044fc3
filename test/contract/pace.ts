/** How long things take in a backend where time is real, beyond what a line allows for. */
export interface Pace {
  /** How often a call is tried that is throttled or cannot be answered yet (not-yet.ts); the SDK waits longer each time. */
  readonly attempts: number;
  /** Seconds until a new policy, subscription or permission counts everywhere. */
  readonly settleSeconds: number;
  /** Seconds within which whatever a line declares has been made and has settled. */
  readonly openingSeconds: number;
  /** Seconds from something's happening until it can be seen: first polls of a mapping, cold starts, logs on their way. */
  readonly lateSeconds: number;
  /** Seconds in which what should not have come would have come. */
  readonly lingerSeconds: number;
  /** Seconds between two looks whether it has happened. */
  readonly lookSeconds: number;
}

/** Emulators make and tell everything at once. */
export const EMULATOR: Pace = {
  attempts: 1,
  settleSeconds: 0,
  openingSeconds: 0,
  lateSeconds: 0,
  lingerSeconds: 0,
  lookSeconds: 0.1,
};

/**
 * Guesses, and generous: nobody waits for what comes sooner, save for what must not come. A look into a log is a call of
 * FilterLogEvents, of which AWS allows few a second:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export const AWS: Pace = {
  // The last of the SDK's waits is then up to 20 s, all of them together up to 90 s.
  attempts: 13,
  settleSeconds: 20,
  openingSeconds: 150,
  lateSeconds: 120,
  lingerSeconds: 20,
  lookSeconds: 2,
};
