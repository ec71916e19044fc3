import { type ConfigChange, duty, RULE_HANDLERS } from "./stack.ts";

export const PEOPLE: readonly ConfigChange[] = [
  {
    what: "a person is added",
    set: { "subscriptions.nurse": { sms: "+12025550103" } },
    touches: { "sns.TopicSubscription nurse-sms": "create" },
  },
  {
    what: "a person is renamed (`was`)",
    remove: ["subscriptions.duty"],
    set: { "subscriptions.officer": { ...duty, was: "duty" } },
    touches: {
      "sns.TopicSubscription officer-email (was duty-email)": "update",
      "sns.TopicSubscription officer-sms (was duty-sms)": "update",
    },
  },
  {
    what: "a person is renamed (`was`), and has another phone number",
    remove: ["subscriptions.duty"],
    set: { "subscriptions.officer": { ...duty, sms: "+12025550109", was: ["night-duty", "duty"] } },
    touches: {
      "sns.TopicSubscription officer-email (was duty-email)": "update",
      "sns.TopicSubscription officer-sms (was duty-sms)": "replace",
    },
  },
  {
    what: "a person is removed",
    remove: ["subscriptions.duty"],
    touches: { "sns.TopicSubscription duty-email": "delete", "sns.TopicSubscription duty-sms": "delete" },
  },
  {
    what: "a person's phone number changes",
    set: { "subscriptions.duty.sms": "+12025550109" },
    touches: { "sns.TopicSubscription duty-sms": "replace" },
  },
  {
    what: "a person's phone is removed, the mailbox stays",
    remove: ["subscriptions.duty.sms"],
    touches: { "sns.TopicSubscription duty-sms": "delete" },
  },
  {
    what: "a person's level changes",
    set: { "subscriptions.mayor.level": "orange" },
    touches: { "sns.TopicSubscription mayor-email": "update" },
  },
  {
    what: "a person joins a group",
    set: { "groups.council": ["mayor", "duty"] },
    touches: { "sns.TopicSubscription duty-email": "update", "sns.TopicSubscription duty-sms": "update" },
  },
  {
    what: "a person is the first to use English",
    set: { "subscriptions.mayor.language": "en" },
    touches: {
      "sns.TopicSubscription mayor-email": "update",
      ...RULE_HANDLERS,
      "lambda.Function watch": "update",
    },
  },
];
