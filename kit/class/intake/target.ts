import { isClutter, segmentsOf } from './file-names.ts';
import { withoutPlatform } from './platforms.ts';

export type Kind = 'labs' | 'answers';

/** One of the files that grading wants. */
export interface Target {
  kind: Kind;
  lab: string;
}

/** A path that means a target, and how plainly. */
export interface Match {
  target: Target;
  /** It lies in a folder `labs` (or `answers`), whatever the case. */
  inFolder: boolean;
  /** The name is the lab's id to the letter, without `(1)` or `.txt` behind it. */
  exact: boolean;
  /** What Canvas counts behind a name that was handed in before: 2 for `-2`; else 0. */
  attempt: number;
  depth: number;
}

const extensions = { '.ts': 'labs', '.md': 'answers' } as const;

/** What browsers and desktops put behind a name: ` (1)`, `(2)`, ` - Copy`, ` copy 2`, ` - Kopie`, ` - Copie (3)`. */
const copied = /(?:\s*\(\d+\)|\s*-?\s*(?:copy|copie|kopie|copia)(?:\s*\d+)?)+$/i;

/** What Canvas puts behind the name of a file that was handed in before: `-1`, `-2`. */
const again = /-(\d{1,2})$/;

/** `<id>.ts`, as `name` may mean it. */
function read(name: string): { id: string; kind: Kind; attempt: number } | undefined {
  const plain = withoutPlatform(name).replace(/\.txt$/i, '');
  const dot = plain.lastIndexOf('.');
  const kind = extensions[plain.slice(dot).toLowerCase() as keyof typeof extensions];
  if (!kind) return undefined;
  const stem = plain.slice(0, dot).replace(copied, '');
  return {
    kind,
    attempt: Number(again.exec(stem)?.[1] ?? 0),
    id: stem
      .replace(again, '')
      .trim()
      .toLowerCase()
      .replace(/[\s_]+/g, '-'),
  };
}

export const fileOf = ({ kind, lab }: Target): string => `${kind}/${lab}.${kind === 'labs' ? 'ts' : 'md'}`;

/**
 * The lab or answer that a path of a submission means, however deep it lies.
 *
 * @example matchOf('TP/Labs/01_Initial_Sync(1).ts', ['01-initial-sync']) // { target: { kind: 'labs', ... }, inFolder: true, exact: false, depth: 2 }
 * @example matchOf('labs/01-initial-sync.js', ['01-initial-sync']) // undefined
 */
export function matchOf(path: string, labs: readonly string[]): Match | undefined {
  const segments = segmentsOf(path);
  if (!segments || segments.length === 0 || segments.some(isClutter)) return undefined;
  const name = segments.at(-1)!;
  const meant = read(name);
  if (!meant || !labs.includes(meant.id)) return undefined;
  const target = { kind: meant.kind, lab: meant.id };
  return {
    target,
    inFolder: segments.at(-2)?.toLowerCase() === target.kind,
    exact: `${target.kind}/${name}` === fileOf(target),
    attempt: meant.attempt,
    depth: segments.length - 1,
  };
}
