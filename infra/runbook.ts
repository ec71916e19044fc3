import * as pulumi from "@pulumi/pulumi";

/** The runbook, unless config names a page that a phone can open. */
const IN_THE_REPOSITORY = "docs/runbook.md";

/** Beginning and end of every text to ops: it names the stack and the section of the runbook. */
export interface OpsFrame {
  /** `[project/stack]`, at the beginning. */
  readonly stack: string;
  /** Reference to a section of the runbook, at the end. */
  readonly runbook: (section: string) => string;
}

/** @param runbookUrl URL of docs/runbook.md where it is published, without `#` */
export function opsFrame(runbookUrl = IN_THE_REPOSITORY): OpsFrame {
  return {
    stack: `[${pulumi.getProject()}/${pulumi.getStack()}]`,
    runbook: (section) => `Runbook: ${runbookUrl}#${section}`,
  };
}
