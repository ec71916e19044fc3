import type { Words } from "./language.ts";
import { type Message, toSms, toSubject } from "./message.ts";
import { fitSms } from "./sms.ts";

/**
 * The message as a drill, marked in every channel. The mark stands first and is never cut: what gives way for it is
 * the place's name, or the end of a text that names none. A message that is marked already stays as it is.
 */
export function asExercise(message: Message, { exercise }: Words): Message {
  if (message.program.exercise === true) return message;
  const mark = `${exercise.mark}: `;
  const sms =
    message.smsParts === undefined ? toSms(`${mark}${message.sms}`) : fitSms(message.smsParts, mark);
  return {
    ...message,
    sms,
    subject: toSubject(`${mark}${message.subject}`),
    email: `${exercise.line}\n\n${message.email.trimEnd()}\n\n${exercise.line}\n`,
    program: { ...message.program, kind: "drill", text: sms, exercise: true },
  };
}
