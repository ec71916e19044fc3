import type { Declared } from "../backend.ts";
import { makeCaller } from "./caller.ts";
import { makeEventRule } from "./event-rule.ts";
import type { Making } from "./making.ts";
import { makeMapping } from "./mapping.ts";
import { encryptStream, putBucketPolicy, putTopicPolicy } from "./policies.ts";
import { makeRecorder, type Recorder } from "./recorder.ts";
import { makeBucket, makeQueue, makeStream } from "./storage.ts";
import { makeRule, makeSchedule } from "./timers.ts";
import { makeTopic } from "./topic.ts";

/**
 * Makes by calls what a line declares: what is named in policies first, then who is. Throws the first rejection; what was made
 * until then is left to the cleanup.
 * @returns the recorder, where something is delivered to it
 */
export async function makeResources(making: Making, declared: Declared): Promise<Recorder | undefined> {
  const {
    buckets,
    queues = [],
    streams,
    topics,
    topicPermissions = {},
    mappings,
    rules,
    schedules,
  } = declared;
  let made: Promise<Recorder> | undefined;
  const recorder = () => {
    made ??= makeRecorder(making);
    return made;
  };
  for (const [bucket, keys] of entries(buckets)) await makeBucket(making, bucket, keys);
  for (const queue of queues) await makeQueue(making, queue);
  for (const [stream, shards] of entries(streams)) await makeStream(making, stream, shards);
  for (const [topic, filter] of entries(topics)) {
    const callerNames = topicPermissions[topic] ?? topic;
    await makeTopic(making, await recorder(), topic, { filter, callerNames });
  }
  for (const [stream, settings] of entries(mappings))
    await makeMapping(making, await recorder(), stream, settings);
  for (const [rule, settings] of entries(rules)) await makeRule(making, recorder, rule, settings);
  for (const [schedule, settings] of entries(schedules))
    await makeSchedule(making, await recorder(), schedule, settings);
  if (declared.eventTopics !== undefined) await makeEventRule(making, declared.eventTopics);
  for (const [caller, statements] of entries(declared.callers)) await makeCaller(making, caller, statements);
  for (const [bucket, statements] of entries(declared.bucketPolicies))
    await putBucketPolicy(making, bucket, statements);
  for (const [topic, statements] of entries(declared.topicPolicies))
    await putTopicPolicy(making, topic, statements);
  for (const [stream, statements] of entries(declared.streamKeys))
    await encryptStream(making, stream, statements);
  return await made;
}

function entries<Value>(named: Readonly<Record<string, Value>> = {}): [name: string, value: Value][] {
  return Object.entries(named);
}
