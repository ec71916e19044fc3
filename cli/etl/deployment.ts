import type { GlueClient } from "@aws-sdk/client-glue";
import type { S3Client } from "@aws-sdk/client-s3";

/** The parts of a stack that the ETL is made of, on AWS or in a local run. */
export interface Deployment extends AsyncDisposable {
  readonly stack: string;
  readonly bucket: string;
  /** Name of the Glue job. */
  readonly job: string;
  readonly s3: S3Client;
  readonly glue: GlueClient;
}
