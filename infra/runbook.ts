import * as pulumi from "@pulumi/pulumi";

/** Where the runbook is while config names no page that a phone can open. */
const IN_THE_REPOSITORY = "docs/runbook.md";

/** What frames all that ops are told: two stacks of an account must be told apart, and each text leads on. */
export interface OpsFrame {
  /** `[project/stack]`, for the beginning. */
  readonly stack: string;
  /** For the end: where to go on reading. */
  readonly runbook: (section: string) => string;
}

/** @param runbookUrl of docs/runbook.md as it is published, without `#` */
export function opsFrame(runbookUrl = IN_THE_REPOSITORY): OpsFrame {
  return {
    stack: `[${pulumi.getProject()}/${pulumi.getStack()}]`,
    runbook: (section) => `Runbook: ${runbookUrl}#${section}`,
  };
}
