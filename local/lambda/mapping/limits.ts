/** Largest values of a mapping's settings. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const LIMITS = {
  batchSize: 10_000,
  batchingWindowSeconds: 300,
  parallelizationFactor: 10,
  retryAttempts: 10_000,
  recordAgeSeconds: 604_800,
  /** The smallest, unless it is -1 for no limit. */
  leastRecordAgeSeconds: 60,
} as const;
