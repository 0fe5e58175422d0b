/** What `./lab new` is told of a lab. */
export interface NewLab {
  /** `11-sessions` */
  id: string;
  title: string;
  /** Whose tables its checks put back, default the store's. */
  world?: 'store' | 'market';
  /** npm packages that the lab file may import: `['ioredis']`. */
  packages: readonly string[];
}

/** What templates call a lab and its parts. */
export interface Names {
  id: string;
  title: string;
  /** `11` */
  number: string;
  /** `rate-limiting` of `12-rate-limiting`; also its contract's file. */
  slug: string;
  /** The function of the example: `rateLimiting`. */
  name: string;
  /** The interface of its contract: `RateLimiting`. */
  Contract: string;
}

/** Words that no function can be called: `11-delete` begins with `deleteIt`. */
const reserved = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
);

/** @example namesOf({ id: '12-rate-limiting', title: 'Rate limiting' }).name // 'rateLimiting' */
export function namesOf({ id, title }: Pick<NewLab, 'id' | 'title'>): Names {
  const slug = id.slice(3);
  const Contract = slug.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  const camel = Contract[0]!.toLowerCase() + Contract.slice(1);
  const name = reserved.has(camel) ? `${camel}It` : camel;
  return { id, title, number: id.slice(0, 2), slug, name, Contract };
}
