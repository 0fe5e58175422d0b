import { createHash } from 'node:crypto';

/** Letters that do not come apart into a plain letter and a mark. */
const letters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
};

/** Names that Windows keeps for devices, whatever stands behind their dot. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * A file name for a student, harmless on every system: a to z, digits and single hyphens, at most 60 characters. A name
 * without any such letter becomes `student-` and eight digits that depend on the name alone.
 *
 * @example slugOf('Zoë Müller') // 'zoe-muller'
 * @example slugOf('李小龍') // 'student-' and eight hexadecimal digits
 */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðþłħı]/g, (letter) => letters[letter]!)
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  if (plain && !reserved.test(plain)) return plain;
  if (plain) return `student-${plain}`;
  const digest = createHash('sha256').update(name.normalize('NFC')).digest('hex');
  return `student-${digest.slice(0, 8)}`;
}

/**
 * A slug for each name, unique among them, in the order given. The first of several equal ones keeps it, the others get
 * -2, -3; a name never loses its own slug to the -2 of another.
 *
 * @example slugsOf(['Zoë', 'Zoe', 'zoe 2']) // ['zoe', 'zoe-3', 'zoe-2']
 */
export function slugsOf(names: readonly string[]): string[] {
  const bases = names.map(slugOf);
  const taken = new Set(bases);
  return bases.map((base, index) => {
    if (bases.indexOf(base) === index) return base;
    let number = 2;
    while (taken.has(`${base}-${number}`)) number += 1;
    taken.add(`${base}-${number}`);
    return `${base}-${number}`;
  });
}
