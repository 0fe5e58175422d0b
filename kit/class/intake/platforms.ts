/** What a learning platform says in the name of something that it hands out. */
export interface HandedOut {
  /** Whose it is, as the platform writes it: `Zoë Müller`, on Canvas `mullerzoe`. */
  student: string;
  /** The platform's number of the student or the hand-in, which tells two of one name apart. */
  number?: string;
  /** When it was handed in, as a text that sorts by time, where the name says so. */
  attempt?: string;
  /** The name without what the platform put before it: `03-hset-mapping.ts`; '' for a folder. */
  file: string;
}

/** `Zoë Müller_12345_assignsubmission_file_03-hset-mapping.ts` */
const moodle = /^(?<student>.+)_(?<number>\d+)_assignsubmission_(?:file|onlinetext)_(?<file>.*)$/i;
/** `Lab 3_mullerzoe_attempt_2026-01-31-10-20-30_03-hset-mapping.ts` */
const blackboard =
  /^.+_(?<student>[^_]+)_attempt_(?<attempt>\d{4}(?:-\d\d){5})(?:_(?<file>.+)|(?<record>\.txt)|\.\w+)?$/i;
/** `12345-67890 - Zoë Müller - Jan 31, 2026 1020 AM - 03-hset-mapping.ts` */
const brightspace =
  /^\d+-(?<number>\d+) - (?<student>.+?) - (?<month>[A-Z][a-z]{2})[a-z]* (?<day>\d{1,2}), (?<year>\d{4}) (?<hour>\d{1,2}):?(?<minute>\d\d) (?<half>[AP]M)(?: - (?<file>.+))?$/;
/** `mullerzoe_LATE_12345_678901_03-hset-mapping-1.ts` */
const canvas = /^(?<student>[^_]+)(?:_LATE)?_(?<number>\d{3,})_\d{3,}_(?<file>.+)$/i;

/**
 * What a platform says in a name: Moodle, Blackboard, Brightspace or Canvas; undefined where it is none of theirs.
 *
 * @example handedOut('mullerzoe_LATE_12345_678901_03-hset-mapping-1.ts')
 * // { student: 'mullerzoe', number: '12345', file: '03-hset-mapping-1.ts' }
 */
export function handedOut(name: string): HandedOut | undefined {
  for (const pattern of [moodle, blackboard, brightspace, canvas]) {
    const found = pattern.exec(name)?.groups;
    if (!found) continue;
    const { student = '', number, file = '' } = found;
    const attempt = found.attempt ?? timeOf(found);
    return { student, ...(number ? { number } : {}), ...(attempt ? { attempt } : {}), file };
  }
  return undefined;
}

/** The name without what a platform put before it. */
export const withoutPlatform = (name: string): string => handedOut(name)?.file || name;

/** Blackboard's own record of an attempt, beside what was handed in. */
export const isRecord = (name: string): boolean => Boolean(blackboard.exec(name)?.groups?.record);

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `2026-01-31 10:20`, of Brightspace's words. */
function timeOf({ year, month, day, hour, minute, half }: Record<string, string | undefined>) {
  const at = months.indexOf(month ?? '');
  if (at < 0) return undefined;
  const of12 = Number(hour) % 12;
  const two = (value: number | string | undefined) => String(value).padStart(2, '0');
  return `${year}-${two(at + 1)}-${two(day)} ${two(half === 'PM' ? of12 + 12 : of12)}:${minute}`;
}
