/** Characters that need care in a key (and `.` and `_`) become their code: different names stay different. */
export function keyPart(name: string): string {
  return name
    .toWellFormed()
    .replace(/[^A-Za-z0-9-]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
}

/** An ISO 8601 time as `20240430T110000Z`: Hadoop takes no colon in a path. */
export function keyTime(time: string): string {
  return new Date(time).toISOString().replace(/[-:]|\.000/g, "");
}
