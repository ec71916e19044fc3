import { z } from "zod";
import { blob } from "../endpoint/shapes.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html */
export const attributesSchema = z.record(
  z.string(),
  z.strictObject({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
    StringValue: z.string().optional(),
    BinaryValue: blob().optional(),
  }),
);

export type SqsAttributes = z.infer<typeof attributesSchema>;
