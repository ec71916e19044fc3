import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../infra/program.ts";

export interface DocumentedLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** In a block to be typed as it stands; else within a sentence or a table. */
  readonly isBlock: boolean;
}

/** Lines with a `pulumi` command in the documentation and in the comments of the stacks' files. */
export function documentedLines(): DocumentedLine[] {
  const files = globSync(["README.md", "docs/**/*.md", "Pulumi.*.yaml"], { cwd: projectDirectory }).sort();
  return files.flatMap((file) => linesOf(file, readFileSync(join(projectDirectory, file), "utf8")));
}

function linesOf(file: string, content: string): DocumentedLine[] {
  let block: string | undefined;
  return content.split("\n").flatMap((text, index): DocumentedLine[] => {
    const fence = /^\s*```(\w*)/.exec(text);
    if (fence !== null) {
      block = block === undefined ? fence[1] : undefined;
      return [];
    }
    const found =
      block === "sh"
        ? [text.trim()]
        : block === undefined
          ? [...text.matchAll(/`(pulumi [^`]+)`|^# +(pulumi .*)$/g)].map(
              (match) => match[1] ?? match[2] ?? "",
            )
          : [];
    return found
      .map((line) => /\$\((pulumi [^)]+)\)/.exec(line)?.[1] ?? line)
      .filter((line) => /\bpulumi /.test(line))
      .map((line) => ({ file, line: index + 1, text: line, isBlock: block === "sh" }));
  });
}
