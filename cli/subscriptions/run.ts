import type { Invocation } from "../command.ts";
import type { StackOptions } from "../stack/open.ts";
import { formatReport, toJson } from "./format.ts";
import { type Report, readReport, sendTest } from "./report.ts";
import { formatTest } from "./test-message.ts";

export async function listSubscriptions(
  options: StackOptions & { readonly json: boolean },
  { projectDirectory, out, exit }: Invocation,
): Promise<void> {
  const report = await readReport(options, projectDirectory);
  out(options.json ? toJson(report) : formatReport(report));
  if (!isAllConfirmed(report)) exit(1);
}

export async function testSubscription(
  options: StackOptions & { readonly test: string },
  { projectDirectory, out, exit }: Invocation,
): Promise<void> {
  const sent = await sendTest(options, projectDirectory);
  out(formatTest(sent));
  if (sent.missed.length > 0) exit(1);
}

function isAllConfirmed({ channels, strays }: Report): boolean {
  return strays.length === 0 && channels.every(({ state }) => state === "confirmed");
}
