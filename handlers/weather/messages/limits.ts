/** Septets in one SMS segment. A single character outside GSM-7 reduces a segment to 70 characters. */
export const SMS_SEPTETS = 160;

/** SNS: "less than 100 characters". https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const MAX_SUBJECT_LENGTH = 99;

/**
 * UTF-8 bytes of a digest e-mail. SNS accepts twice as many per message, but these include the SMS text, the JSON and the
 * attributes, which list the ids of all locations. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export const MAX_DIGEST_MAIL_BYTES = 128 * 1024;
