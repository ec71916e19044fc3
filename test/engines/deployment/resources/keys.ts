import { CreateKeyCommand, EnableKeyRotationCommand } from "@aws-sdk/client-kms";
import * as z from "zod";
import { type Creates, resource, tags } from "../definition.ts";

export const KEYS: Creates = {
  "aws:kms/key:Key": resource(
    {
      description: z.string().optional(),
      policy: z.string().optional(),
      enableKeyRotation: z.boolean().optional(),
      deletionWindowInDays: z.number().optional(), // says something when the key is destroyed only
      tags,
    },
    async ({ kms, inputs: { description, policy, enableKeyRotation, tags } }) => {
      const { KeyMetadata } = await kms.send(
        new CreateKeyCommand({
          Description: description,
          Policy: policy,
          Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        }),
      );
      if (enableKeyRotation === true)
        await kms.send(new EnableKeyRotationCommand({ KeyId: KeyMetadata?.KeyId }));
      return KeyMetadata?.Arn;
    },
  ),
};
