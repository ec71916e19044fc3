/** Keys that one DeleteObjects takes; gold_lake.py has the same. Where AWS says so is in infra/aws-limits.ts. */
export const DELETE_OBJECTS_KEYS = 1000;
