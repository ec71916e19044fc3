/** What every event is printed after, in the function's log. */
const MARK = "EVENT ";

/**
 * The function that everything is delivered to. It prints the event, and then fails if one of the event's Kinesis
 * records asks for it: `{"name": "a", "fails": 2}` twice, with an error, or in `batchItemFailures` with
 * `"how": "report"`. CommonJS, any Node.js.
 */
export const RECORDER = `
const tries = {};
const parsed = (text) => { try { return JSON.parse(text); } catch { return {}; } };
exports.handler = async (event) => {
  console.log("${MARK}" + JSON.stringify(event));
  const records = (event.Records ?? []).filter((record) => record.kinesis).map(({ kinesis }) => ({
    ...parsed(Buffer.from(kinesis.data, "base64").toString()),
    itemIdentifier: kinesis.sequenceNumber,
  }));
  const failing = records.filter(({ name, fails = 0 }) => fails > 0 && (tries[name] = (tries[name] ?? 0) + 1) <= fails);
  const [first] = failing;
  if (first === undefined) return { batchItemFailures: [] };
  if (first.how !== "report") throw new Error("asked to fail by " + first.name);
  return { batchItemFailures: [{ itemIdentifier: first.itemIdentifier }] };
};
`;

/** The events in lines of a log. */
export function eventsInLog(lines: readonly string[]): unknown[] {
  return lines.flatMap((line) => {
    const start = line.indexOf(MARK);
    return start < 0 ? [] : [JSON.parse(line.slice(start + MARK.length))];
  });
}
