import type { ResourceStatement, Statement } from "./backend.ts";

/** ARNs of a line's things, by the names that the line gave them. */
export interface Arns {
  bucket(own: string): string;
  caller(own: string): string;
  stream(own: string): string;
  topic(own: string): string;
}

const REFERENCE = /^(bucket|stream|topic):([\w-]+)/;

/** A statement with `bucket:NAME`, `stream:NAME` and `topic:NAME` written as ARNs, and callers as principals. */
export function withArns(statement: Statement | ResourceStatement, arns: Arns): object {
  const arnOf = (text: string) =>
    text.replace(REFERENCE, (_, kind: "bucket" | "stream" | "topic", own: string) => arns[kind](own));
  return {
    ...statement,
    Resource: [statement.Resource].flat().map(arnOf),
    ...("Principal" in statement && { Principal: principalOf(statement, arns) }),
  };
}

function principalOf({ Principal }: ResourceStatement, arns: Arns): object | "*" {
  if (Principal === "*") return "*";
  if ("service" in Principal) return { Service: `${Principal.service}.amazonaws.com` };
  return { AWS: arns.caller(Principal.caller) };
}
