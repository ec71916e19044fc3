import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { asset, runtime } from "@pulumi/pulumi";
import * as esbuild from "esbuild";
import { bundleCallback } from "../../infra/bundle.ts";

/** One way to package a handler. */
export interface Package {
  /** CommonJS that loads the handler. */
  readonly entry: string;
  /** Bytes of all files, each deflated as in a zip file, without the zip's own headers. */
  readonly zippedBytes: number;
  readonly files: number;
}

const deflate = promisify(deflateRaw);

/** As it ships: one minified file with all that it imports. */
export async function ofOneFile(handler: string, project: string): Promise<Package> {
  return packaged(await bundleCallback(load(handler), project));
}

/** One file without the AWS SDK, which Lambda's runtime has, in a version that is Lambda's choice. */
export async function withoutSdk(handler: string, project: string): Promise<Package> {
  return packaged(await bundled(handler, project, { external: ["@aws-sdk/*", "@smithy/*"], minify: true }));
}

/** Our own code in one file, beside each file of `dependencies` and of what they need: what a callback has by default. */
export async function everyDependency(handler: string, project: string): Promise<Package> {
  dependencies ??= sizeOfDependencies();
  const own = await packaged(await bundled(handler, project, { packages: "external" }));
  const { zippedBytes, files } = await dependencies;
  return { ...own, zippedBytes: own.zippedBytes + zippedBytes, files: own.files + files };
}

type Size = Omit<Package, "entry">;

/** The same for every handler. */
let dependencies: Promise<Size> | undefined;

/** Of what Pulumi adds to a callback: the packages of the working directory's package.json, a folder each. */
async function sizeOfDependencies(): Promise<Size> {
  let [zippedBytes, files] = [0, 0];
  for (const [name, folder] of await runtime.computeCodePaths()) {
    if (!(folder instanceof asset.FileArchive)) throw new Error(`${name} is no folder`);
    const entries = await readdir(await folder.path, { recursive: true, withFileTypes: true });
    for (const file of entries.filter((entry) => entry.isFile())) {
      zippedBytes += (await deflate(await readFile(join(file.parentPath, file.name)))).byteLength;
      files += 1;
    }
  }
  return { zippedBytes, files };
}

async function packaged(entry: string): Promise<Package> {
  return { entry, zippedBytes: (await deflate(entry)).byteLength, files: 1 };
}

async function bundled(handler: string, project: string, options: esbuild.BuildOptions): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: load(handler), resolveDir: project },
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "cjs",
    ...options,
  });
  return outputFiles?.map(({ text }) => text).join("") ?? "";
}

function load(handler: string): string {
  return `import("#handlers/${handler}").then(globalThis.loaded);`;
}
