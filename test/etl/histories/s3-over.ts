import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Sends } from "../../../handlers/clients/dependencies.ts";
import { s3Error } from "../../handlers/support/fake-s3.ts";
import type { MemoryLake } from "../memory-lake.ts";

export interface S3OverLake extends Sends<S3Client> {
  /** Key of the put that was refused, if one was. */
  readonly refused: string | undefined;
}

/** S3 as the archive handler uses it, its objects in a memory lake; refuses the put number `putFails`, from 0. */
export function s3Over(lake: MemoryLake, putFails = -1): S3OverLake {
  let puts = 0;
  let refused: string | undefined;
  const send = async (command: unknown) => {
    if (!(command instanceof PutObjectCommand)) throw new Error("the stand-in knows PutObject only");
    const { Key = "", Body } = command.input;
    if (puts++ === putFails) {
      refused = Key;
      throw s3Error("SlowDown", 503);
    }
    await lake.write(Key, Body as Uint8Array);
    return {};
  };
  return {
    send: send as S3Client["send"],
    get refused() {
      return refused;
    },
  };
}
