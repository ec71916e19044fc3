import * as pulumi from "@pulumi/pulumi";
import * as esbuild from "esbuild";
import { keptBundle } from "./kept-bundles.ts";

/** The file that Pulumi's serializer writes a callback to. */
const SERIALIZED_CALLBACK = "__index.js";

/**
 * Replaces the package of every callback function in the program by one minified file: what the callback imports is
 * bundled instead of shipping all of `dependencies`. Must run before the first function is declared.
 *
 * @param projectDirectory where `import("#handlers/…")` in a callback is resolved from
 */
export function bundleCallbackFunctions(projectDirectory: string): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    if (type !== "aws:lambda/function:Function") {
      return undefined;
    }
    const code = pulumi
      .output(props.code as pulumi.Input<pulumi.asset.AssetArchive>)
      .apply((archive) => bundleArchive(archive, projectDirectory));
    return { props: { ...props, code }, opts };
  });
}

/** An output's value is unwrapped through and through: an archive arrives as a plain object, its texts as strings. */
async function bundleArchive(
  archive: pulumi.UnwrappedObject<pulumi.asset.AssetArchive>,
  projectDirectory: string,
): Promise<pulumi.asset.Archive> {
  const serialized = archive.assets?.[SERIALIZED_CALLBACK];
  if (serialized === undefined || !("text" in serialized)) {
    return archive as unknown as pulumi.asset.Archive; // not a callback function: its package is its own
  }
  const source = String(serialized.text);
  const bundle = await keptBundle(source, projectDirectory, () => bundleCallback(source, projectDirectory));
  return new pulumi.asset.AssetArchive({ [SERIALIZED_CALLBACK]: new pulumi.asset.StringAsset(bundle) });
}

/**
 * Bundles one serialized callback with everything it imports into a single CommonJS file for Lambda's Node.js 24.
 * The result depends on the sources alone: the same program gives the same bytes.
 */
export async function bundleCallback(source: string, projectDirectory: string): Promise<string> {
  const result = await esbuild.build({
    stdin: { contents: source, resolveDir: projectDirectory, sourcefile: SERIALIZED_CALLBACK, loader: "js" },
    bundle: true,
    write: false,
    minify: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    legalComments: "none",
    // The AWS SDK's ES modules shake down to the commands in use; its CommonJS ones do not.
    mainFields: ["module", "main"],
    // undici then leaves out a second, experimental HTTP parser, as the build of it inside Node.js does.
    define: { esbuildDetection: "1" },
  });
  const [file] = result.outputFiles;
  if (file === undefined) {
    throw new Error(`esbuild wrote nothing for ${SERIALIZED_CALLBACK}`);
  }
  return file.text;
}
