import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a client's operations are called before the colon of an action, where it is not as the client is called. */
const PREFIXES: Readonly<Record<string, string>> = { "cloudwatch-logs": "logs", eventbridge: "events" };

/** Actions of operations that are not called as the operation is. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "kinesis:waitUntilStreamExists": "kinesis:DescribeStream",
  "lambda:Invoke": "lambda:InvokeFunction",
  "lambda:waitUntilFunctionActiveV2": "lambda:GetFunction",
  "s3:DeleteObjects": "s3:DeleteObject",
  "s3:HeadObject": "s3:GetObject",
  "s3:ListObjectsV2": "s3:ListBucket",
  "sns:PublishBatch": "sns:Publish",
};

/** What calls want beside their own actions: tags, the role of a function and a schedule, the key of a stream. */
const BESIDE = [
  "events:TagResource",
  "iam:PassRole",
  "iam:TagRole",
  "iam:TagUser",
  "kinesis:AddTagsToStream",
  "kinesis:TagResource",
  "kms:DescribeKey",
  // KMS makes no key whose policy its maker could not change: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
  "kms:PutKeyPolicy",
  "kms:TagResource",
  "lambda:TagResource",
  "logs:TagResource",
  "sns:TagResource",
  "sqs:TagQueue",
];

const IMPORT = /import (?:type )?\{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g;
const OPERATION = /\b(?:(\w+)Command|paginate(\w+)|(waitUntil\w+))\b/g;

/** Actions that whoever runs the contract on AWS may have to call: those of each operation that its files import. */
export function callerActions(): string[] {
  const directory = fileURLToPath(new URL(".", import.meta.url));
  const files = globSync("**/*.ts", { cwd: directory, exclude: ["**/*.test.ts"] });
  const operations = files.flatMap((file) => operationsOf(readFileSync(join(directory, file), "utf8")));
  return [...new Set([...operations.map((each) => OTHERWISE[each] ?? each), ...BESIDE])].sort();
}

function operationsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].flatMap(([, names = "", client = ""]) =>
    [...names.matchAll(OPERATION)].map(
      ([, command, paginated, waiter]) => `${PREFIXES[client] ?? client}:${command ?? paginated ?? waiter}`,
    ),
  );
}
