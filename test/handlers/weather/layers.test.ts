import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const WEATHER = new URL("../../../handlers/weather/", import.meta.url).pathname;

describe("the weather domain", () => {
  it("imports neither AWS nor the handlers around it, only HTTP", () => {
    const files = readdirSync(WEATHER, { recursive: true, encoding: "utf-8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const imports = files.flatMap((file) => {
      const text = readFileSync(join(WEATHER, file), "utf-8");
      return [...text.matchAll(/from "([^"]+)"/g)].map(([, from = ""]) => ({ file, from }));
    });
    expect(imports).to.not.have.lengthOf(0);
    const upwards = imports.filter(({ file, from }) => {
      const depth = file.split("/").length - 1;
      const upwards = "../".repeat(depth + 1);
      return from.includes("aws") || (from.startsWith(upwards) && !from.startsWith(`${upwards}http/`));
    });
    expect(upwards).to.deep.equal([]);
  });
});
