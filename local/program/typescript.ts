import { readFileSync } from "node:fs";
import Module, { createRequire, registerHooks, stripTypeScriptTypes } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

/** The part of a CommonJS module that its loader uses. */
interface LoadedModule {
  _compile(code: string, file: string): void;
}

/**
 * Runs a program that is a CommonJS module, as Pulumi does with ts-node. Imports without extension and of folders,
 * `require`, enums, `import = require` and decorators work. Returns the exports.
 */
export function requireTypeScript(main: string): unknown {
  const options = compilerOptions(main, ts.ModuleKind.CommonJS);
  process.setSourceMapsEnabled(true); // stack traces have the line numbers of the program
  const require = createRequire(main);
  const compile = (module: LoadedModule, file: string) =>
    module._compile(transpile(readFileSync(file, "utf8"), file, options), file);
  // Modules with these extensions can be required by the program.
  Object.assign(loaders(), { ".ts": compile, ".tsx": compile, ".cts": compile });
  return require(main);
}

/**
 * Runs a program that is an ES module, or that Node.js runs itself. Node.js strips the types; TypeScript transpiles files
 * that it cannot strip, for example with an enum or `<any>x`. An import may omit the extension or name a folder.
 */
export async function importTypeScript(main: string): Promise<unknown> {
  const options = compilerOptions(main, ts.ModuleKind.ESNext);
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!specifier.startsWith(".")) throw error;
        for (const candidate of candidatesOf(specifier)) {
          try {
            return next(candidate, context);
          } catch {
            // The first error names the import of the program.
          }
        }
        throw error;
      }
    },
    load(url, context, next) {
      if (!/^file:.*\.m?tsx?$/.test(url) || url.includes("/node_modules/")) return next(url, context);
      const file = fileURLToPath(url);
      const source = readFileSync(file, "utf8");
      if (canStrip(file, source)) return next(url, context);
      return { format: "module", source: transpile(source, file, options), shortCircuit: true };
    },
  });
  return await import(pathToFileURL(main).href);
}

function candidatesOf(specifier: string): readonly string[] {
  const stem = specifier.replace(/\.js$/, "");
  return [`${stem}.ts`, `${stem}.tsx`, `${stem}/index.ts`, `${stem}.js`, `${stem}/index.js`];
}

function canStrip(file: string, source: string): boolean {
  if (file.endsWith("x")) return false;
  try {
    stripTypeScriptTypes(source);
    return true;
  } catch {
    return false; // TypeScript transpiles it or reports the error
  }
}

/** The options of the program's tsconfig.json that affect how it runs. */
function compilerOptions(main: string, module: ts.ModuleKind): ts.CompilerOptions {
  const file = ts.findConfigFile(dirname(main), ts.sys.fileExists);
  const { config } = file === undefined ? {} : ts.readConfigFile(file, ts.sys.readFile);
  const { esModuleInterop, experimentalDecorators, emitDecoratorMetadata, jsx } =
    ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? {}, dirname(main)).options;
  return {
    module,
    inlineSourceMap: true,
    inlineSources: true,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: esModuleInterop ?? true,
    ...(experimentalDecorators === true && { experimentalDecorators }),
    ...(emitDecoratorMetadata === true && { emitDecoratorMetadata }),
    ...(jsx !== undefined && { jsx }),
  };
}

/** @throws {SyntaxError} naming file, line and problem. */
function transpile(source: string, fileName: string, compilerOptions: ts.CompilerOptions): string {
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    fileName,
    compilerOptions,
    reportDiagnostics: true,
  });
  const [wrong] = diagnostics.filter(
    ({ category, start }) => category === ts.DiagnosticCategory.Error && start !== undefined,
  );
  if (wrong?.file === undefined || wrong.start === undefined) return outputText;
  const { line, character } = wrong.file.getLineAndCharacterOfPosition(wrong.start);
  const message = ts.flattenDiagnosticMessageText(wrong.messageText, " ");
  throw new SyntaxError(`${fileName}, line ${line + 1}, column ${character + 1}: ${message}`);
}

function loaders(): Record<string, unknown> {
  return (Module as unknown as { _extensions: Record<string, unknown> })._extensions;
}
