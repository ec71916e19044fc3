/** What every event is printed after, in the function's log. */
const MARK = "EVENT ";

/** As `fails`: whenever it is tried. */
export const ALWAYS = 1e9;

/**
 * The function that everything is delivered to. It prints the event, and then fails if one of the event's Kinesis
 * records asks for it: `{"id": "…", "name": "a", "fails": 2}` twice, with an error, or in `batchItemFailures` with
 * `"how": "report"`. CommonJS, any Node.js.
 */
export const RECORDER = `
const { existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
/** Tries are counted in a file, since not every backend goes on in the process that threw. */
const failsNow = ({ id, fails = 0 }) => {
  if (fails === 0 || fails === ${ALWAYS}) return fails === ${ALWAYS};
  const file = join(require("node:os").tmpdir(), "contract-" + id);
  const tries = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (tries < fails) writeFileSync(file, String(tries + 1));
  else rmSync(file, { force: true });
  return tries < fails;
};
const parsed = (text) => { try { return JSON.parse(text); } catch { return {}; } };
exports.handler = async (event) => {
  console.log("${MARK}" + JSON.stringify(event));
  const records = (event.Records ?? []).filter((record) => record.kinesis).map(({ kinesis }) => ({
    ...parsed(Buffer.from(kinesis.data, "base64").toString()),
    itemIdentifier: kinesis.sequenceNumber,
  }));
  const [first] = records.filter(failsNow);
  if (first === undefined) return { batchItemFailures: [] };
  if (first.how !== "report") throw new Error("asked to fail by " + first.name);
  return { batchItemFailures: [{ itemIdentifier: first.itemIdentifier }] };
};
`;

/** An event that no line is about: the recorder is given it to see that it and its log work. */
export const WARM_UP = { warmUp: true };

export function isWarmUp(event: unknown): boolean {
  return typeof event === "object" && event !== null && "warmUp" in event;
}

/**
 * What the recorder may do in every backend; what is rejected is IAM's own lines.
 * @param prefix of the names of its own log group and of whatever it reads from or writes to
 */
export function recorderStatements(prefix = ""): object[] {
  const allow = (Action: readonly string[], ...Resource: string[]) => ({ Effect: "Allow", Action, Resource });
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], `arn:aws:logs:*:*:log-group:/aws/lambda/${prefix}*`),
    // https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
    allow(
      [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ],
      `arn:aws:kinesis:*:*:stream/${prefix}*`,
    ),
    allow(["kinesis:ListStreams"], "*"),
    // On-failure destinations: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
    allow(["s3:PutObject"], `arn:aws:s3:::${prefix}*/*`),
    allow(["s3:ListBucket"], `arn:aws:s3:::${prefix}*`),
    allow(["sqs:SendMessage"], `arn:aws:sqs:*:*:${prefix}*`),
    // Scheduler has no permission of its own: it takes the role.
    allow(["lambda:InvokeFunction"], `arn:aws:lambda:*:*:function:${prefix}*`),
  ];
}

/** The events in lines of a log. */
export function eventsInLog(lines: readonly string[]): unknown[] {
  return lines.flatMap((line) => {
    const start = line.indexOf(MARK);
    return start < 0 ? [] : [JSON.parse(line.slice(start + MARK.length))];
  });
}
