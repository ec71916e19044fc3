/** Message with its attributes, in bytes. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const MESSAGE_LIMIT_BYTES = 262_144;

/** A subject is shorter than this. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const SUBJECT_LIMIT_CHARACTERS = 100;

/** SMS of one Publish, all segments together. https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html */
export const SMS_LIMIT_CHARACTERS = 1600;

/** https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
export const BATCH_LIMIT_ENTRIES = 10;
export const BATCH_ENTRY_ID_LIMIT_CHARACTERS = 80;

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html */
export const ATTRIBUTE_NAME_LIMIT_CHARACTERS = 256;

/** A page of ListSubscriptionsByTopic. https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
export const LIST_LIMIT_SUBSCRIPTIONS = 100;

// Filter policies: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
export const FILTER_ATTRIBUTE_NAMES_LIMIT = 5;
/** Values of each attribute, multiplied. */
export const FILTER_COMBINATIONS_LIMIT = 150;
/** Numbers lie between minus this and this. */
export const FILTER_NUMBER_LIMIT = 1e9;
export const FILTER_POLICY_LIMIT_BYTES = 262_144;
export const FILTER_POLICIES_PER_TOPIC_LIMIT = 200;
