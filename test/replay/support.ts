import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ReplayError } from "../../replay/error.ts";
import { MEASURES, type MeasureField, type Reading } from "../../replay/measures.ts";

export const PORTO_ALEGRE = {
  id: "porto-alegre",
  name: "Porto Alegre",
  latitude: -30.0536,
  longitude: -51.1747,
};
export const RIO = { id: "rio", name: "Rio de Janeiro", latitude: -22.9068, longitude: -43.1729 };

/** As INMET writes it since 2019. */
export const INMET_HEADER = [
  "Data",
  "Hora UTC",
  "PRECIPITAÇÃO TOTAL, HORÁRIO (mm)",
  "PRESSAO ATMOSFERICA AO NIVEL DA ESTACAO, HORARIA (mB)",
  "PRESSÃO ATMOSFERICA MAX.NA HORA ANT. (AUT) (mB)",
  "PRESSÃO ATMOSFERICA MIN. NA HORA ANT. (AUT) (mB)",
  "RADIACAO GLOBAL (Kj/m²)",
  "TEMPERATURA DO AR - BULBO SECO, HORARIA (°C)",
  "TEMPERATURA DO PONTO DE ORVALHO (°C)",
  "TEMPERATURA MÁXIMA NA HORA ANT. (AUT) (°C)",
  "TEMPERATURA MÍNIMA NA HORA ANT. (AUT) (°C)",
  "TEMPERATURA ORVALHO MAX. NA HORA ANT. (AUT) (°C)",
  "TEMPERATURA ORVALHO MIN. NA HORA ANT. (AUT) (°C)",
  "UMIDADE REL. MAX. NA HORA ANT. (AUT) (%)",
  "UMIDADE REL. MIN. NA HORA ANT. (AUT) (%)",
  "UMIDADE RELATIVA DO AR, HORARIA (%)",
  "VENTO, DIREÇÃO HORARIA (gr) (° (gr))",
  "VENTO, RAJADA MAXIMA (m/s)",
  "VENTO, VELOCIDADE HORARIA (m/s)",
  "",
].join(";");

/** A folder for the files of one suite; `write` returns the path of a file made of these lines. */
export function temporaryFiles(): {
  write(content: string | Uint8Array): Promise<string>;
  remove(): Promise<void>;
} {
  const folder = mkdtemp(join(tmpdir(), "replay-"));
  let count = 0;
  return {
    async write(content) {
      count += 1;
      const file = join(await folder, `${count}.txt`);
      await writeFile(file, content);
      return file;
    },
    remove: async () => rm(await folder, { recursive: true }),
  };
}

/** The message of the ReplayError that a promise ends in: one line, without the folder of the file. */
export async function replayErrorOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => expect.fail("should have been refused"),
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(ReplayError);
  const message = String((error as ReplayError).message);
  expect(message).to.not.include("\n");
  return message.replace(/^\S*\//, "");
}

export function reading(time: string, values: Partial<Record<MeasureField, number | null>> = {}): Reading {
  const blank = Object.fromEntries(MEASURES.map(({ field }) => [field, null])) as Reading["values"];
  return { time: new Date(time), values: { ...blank, ...values } };
}

/** Most of one value in any 24 hourly readings in a row, to one decimal. */
export function largest24HourSum(readings: readonly Reading[]): number {
  const rain = readings.map(({ values }) => values.rainIntensity ?? 0);
  const sums = rain.map((_, end) =>
    rain.slice(Math.max(0, end - 23), end + 1).reduce((sum, mm) => sum + mm, 0),
  );
  return Math.round(Math.max(...sums) * 10) / 10;
}
