/** Hive partitions of an instant, UTC, zero-padded, so that keys sort by time and crawlers find partitions. */
export function dayPartition(time: Date): string {
  const [year, month, day] = time.toISOString().slice(0, 10).split("-");
  return `year=${year}/month=${month}/day=${day}`;
}

export function hourPartition(time: Date): string {
  return `${dayPartition(time)}/hour=${time.toISOString().slice(11, 13)}`;
}
