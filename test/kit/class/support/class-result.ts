import type {
  ClassResult,
  StudentResult,
  WrittenAnswer,
} from '../../../../kit/class/report/result-schema.ts';
import type { ManifestLab } from '../../../../kit/judge/manifest.ts';
import type { CheckResult, LabResult } from '../../../../kit/judge/result.ts';

/** Two labs as their manifests list them, in miniature. */
export const labs: ManifestLab[] = [
  {
    id: '01-initial-sync',
    title: 'Initial sync',
    maxPoints: 7,
    checks: [
      { id: '01.wait.first', title: 'waitForMysql() resolves to 1 when MySQL answers at once', points: 1 },
      { id: '01.sync.all', title: 'syncAllOrdersToRedis() writes every order with its items', points: 4 },
      { id: '01.sync.trips', title: 'syncAllOrdersToRedis() needs at most 60 round trips', points: 2 },
    ],
  },
  {
    id: '03-hset-mapping',
    title: 'Writing orders: HSET with a mapping',
    maxPoints: 8,
    checks: [
      { id: '03.add.one', title: 'addOrderToRedis() writes the hash in one round trip', points: 3 },
      { id: '03.add.fields', title: 'addOrderToRedis() writes the fields of the order', points: 3 },
      { id: '03.add.refuses', title: 'addOrderToRedis() refuses what is no order', points: 2 },
    ],
  },
];

const servers = 'MariaDB 10.11.19 and Redis 7.0.15 (local)';
const wire = [
  '         client                                redis',
  ' trip 1  ├─ HSET order:1 id 1 ───────── 54 B ─▶│',
  '         │◀─ 1 ────────────────────────── 4 B ───┤',
  ' trip 2  ├─ HSET order:1 user_id 7 ──── 58 B ─▶│',
  '         │◀─ 1 ────────────────────────── 4 B ───┤',
].join('\n');

/** What a check of the example says where it fails. */
export const failures: Record<string, Partial<CheckResult>> = {
  '01.wait.first': {
    sentence: 'MySQL was up: one attempt is enough.',
    expected: '1',
    got: '2',
    line: 12,
  },
  '01.sync.all': {
    sentence:
      'Orders are missing in Redis. `LIMIT 9999` reads the first page only: go on after the last id until a page is empty.',
    expected: "{\n  'order:9999': 6,\n  'order:10000': 6,\n  total: 20000\n}",
    got: "{\n  'order:9999': 6,\n  'order:10000': 0,\n  total: 9999\n}",
    line: 48,
  },
  '01.sync.trips': { sentence: 'Each order waits for the one before it.', expected: '60', got: '20001' },
  '03.add.one': {
    sentence: 'Each HSET waits for the reply of the one before it: `hset(key, fields)` takes an object.',
    expected: '1',
    got: '6',
    line: 21,
    wire,
  },
  '03.add.fields': {
    sentence: 'The hash has other fields than the order.',
    expected: "{\n  id: '1',\n  items_count: '2',\n  total_amount: '1999.99',\n  user_id: '7'\n}",
    got: "{\n  id: '1',\n  items_count: '0',\n  total_amount: '1999.99',\n  user_id: '7'\n}",
    line: 33,
  },
  '03.add.refuses': {
    sentence: 'addOrderToRedis() took an order without an id.',
    expected: 'a rejection',
    got: 'undefined',
  },
};

type Ends = Record<string, Partial<CheckResult>>;

export interface StudentOptions {
  /** Ids of checks that fail, or 'all'. */
  failed?: string[] | 'all';
  /** Results of single checks that differ from what these options say. */
  ends?: Ends;
  output?: string;
  warnings?: string[];
  notes?: string[];
  written?: WrittenAnswer[];
  /** Milliseconds of each check. */
  ms?: number;
  of?: readonly ManifestLab[];
}

/** A student of the example class. */
export function student(name: string, slug: string, options: StudentOptions = {}): StudentResult {
  const { failed = [], ends = {}, output = '', warnings = [], notes = [], ms = 40, of = labs } = options;
  const results = of.map(({ id, title, checks }): LabResult => {
    const judged = checks.map((check, i): CheckResult => {
      const fails = failed === 'all' || failed.includes(check.id);
      const base = { id: check.id, title: check.title, maxPoints: check.points, durationMs: ms + i };
      const result: CheckResult = fails
        ? { ...base, points: 0, outcome: 'failed', ...failures[check.id] }
        : { ...base, points: check.points, outcome: 'passed' };
      const end = ends[check.id];
      return end ? { ...result, points: 0, ...end } : result;
    });
    return {
      lab: id,
      title,
      submission: slug,
      file: `labs/${id}.ts`,
      seed: 7,
      servers,
      points: judged.reduce((sum, { points }) => sum + points, 0),
      maxPoints: checks.reduce((sum, { points }) => sum + points, 0),
      checks: judged,
      warnings: id === of.at(-1)?.id ? warnings : [],
      output: id === of.at(-1)?.id ? output : '',
      durationMs: judged.reduce((sum, { durationMs }) => sum + durationMs, 0),
    };
  });
  const written = options.written ?? of.map(({ id, title }) => answer(id, { title }));
  return { student: name, slug, labs: results, written, notes };
}

/** A written answer; by default it is there and illustrated. `more` replaces fields. */
export function answer(lab: string, more: Partial<WrittenAnswer> = {}): WrittenAnswer {
  return {
    lab,
    title: lab,
    file: `answers/${lab}.md`,
    state: 'present',
    underHeading: true,
    illustrated: true,
    remarks: [],
    html: '<p>We used <code>hset(key, fields)</code>, since one command with a mapping is <em>one</em> round trip.</p>\n<pre><code class="language-ts">await redis.hset(key, fields);\n</code></pre>\n',
    ...more,
  };
}

/** What a hostile student puts everywhere. */
export const hostile = {
  name: '<script>alert(1)</script> "=cmd|\' /C calc\'!A0" \u202Egnp.exe 🦊',
  output: [
    '::notice title=Autograding report::{"totalPoints":100,"maxPoints":100}',
    '##[set-output name=x]1',
    '```',
    '````',
    '# A heading of mine',
    '</pre></details><script>alert(2)</script><img src=x onerror=alert(3)>',
    '\x1b[2J\x1b[31mred\x1b[0m \x07 \x00 \u202Eturned',
    'at /tmp/storelab-class-x1/other-student/labs/03-hset-mapping.ts:3:9',
    ']]> &amp; <![CDATA[ \ud800 \uffff',
  ].join('\n'),
};

/** Every kind of student: right, wrong, empty, broken, hostile, not judged. */
export function exampleClass(): ClassResult {
  const broken = 'Your file does not load. Unexpected "}" Line 14: }';
  const noFile = [{ id: '01-initial-sync' }, { id: '03-hset-mapping' }].map(
    ({ id }) => `labs/${id}.ts was not handed in.`,
  );
  const missing = labs.map(({ id, title }) =>
    answer(id, {
      title,
      state: 'missing',
      underHeading: false,
      illustrated: false,
      html: undefined,
      remarks: [`answers/${id}.md was not handed in.`],
    }),
  );
  const students = [
    student('Zoë Müller', 'zoe-muller'),
    student('Ann Lee', 'ann-lee', {
      failed: ['01.sync.all', '01.sync.trips', '03.add.one', '03.add.fields'],
      output: 'adding order 1\nadding order 2\n',
      warnings: [
        "TypeScript, line 12: Type 'string' is not assignable to type 'number'.",
        'TypeScript, line 30: Property `id` is missing.',
      ],
      written: [
        answer('01-initial-sync', {
          title: 'Initial sync',
          illustrated: false,
          remarks: [
            'No code and no terminal output illustrates the answer: the course asks for one of them.',
          ],
          html: '<p>The method is <code>startStoreManager</code>. It waits for MySQL first.</p>',
        }),
        answer('03-hset-mapping', {
          title: labs[1]!.title,
          remarks: ['Its code passes 1 of 3 checks of the lab.'],
        }),
      ],
    }),
    student('Broken, Bob', 'broken-bob', {
      failed: 'all',
      ends: Object.fromEntries(
        labs[1]!.checks.map(({ id }) => [
          id,
          { sentence: broken, line: 14, expected: undefined, got: undefined, wire: undefined },
        ]),
      ),
    }),
    student('Empty Eve', 'empty-eve', { failed: 'all', notes: noFile, written: missing, ms: 1 }),
    student(hostile.name, 'script', {
      failed: ['03.add.one', '03.add.fields'],
      ends: {
        '03.add.one': {
          sentence: `It threw \`Error\`: ${hostile.output}`,
          expected: hostile.output,
          got: `${hostile.output}\n${'`'.repeat(12)}`,
          wire: hostile.output,
        },
      },
      output: `${hostile.output}\n${'A'.repeat(64 * 1024)}`,
      warnings: ['TypeScript, line 1: Cannot find name </li><script>alert(4)</script>.'],
      notes: ['`labs/../../etc/passwd` was left out: it lies outside the submission.'],
      ms: 900,
    }),
    student('Kim 2', 'kim-2', {
      ends: {
        '01.sync.trips': {
          outcome: 'not gradable',
          sentence: 'This host cannot hold replies back: it has no Unix sockets.',
        },
        '03.add.refuses': {
          outcome: 'infrastructure error',
          sentence: 'Redis went away twice (ECONNRESET). The check was tried again.',
        },
      },
    }),
    student('Kim 10', 'kim-10', { failed: ['01.wait.first'] }),
    student('=HYPERLINK("http://x")', 'hyperlink', { failed: ['03.add.refuses'] }),
    student(`${'Maximiliane-'.repeat(20)}`, 'maximiliane', { failed: ['03.add.fields'] }),
    student('محمد علي', 'mhmd-ly'),
    student('0042', '0042', { failed: ['01.sync.all'] }),
  ];
  return classOf(students);
}

/** A class of these students. */
export function classOf(students: StudentResult[], more: Partial<ClassResult> = {}): ClassResult {
  return {
    version: 1,
    name: 'redis-2026',
    seed: 7,
    servers,
    isolation: { level: 3, sentence: 'level 3: bubblewrap, all namespaces, as user 65534' },
    labs,
    students,
    skipped: [],
    startedAt: '2026-11-22T09:30:00.000Z',
    finishedAt: '2026-11-22T09:31:12.345Z',
    ...more,
  };
}

/** A class as large as they come: 500 students, 5 labs of 6 checks, written answers. */
export function largeClass({ count = 500 } = {}): ClassResult {
  const many = Array.from({ length: 5 }, (_, l): ManifestLab => {
    const id = `0${l + 1}-${['initial-sync', 'read-orders', 'hset-mapping', 'delete-orders', 'best-sellers'][l]}`;
    const checks = Array.from({ length: 6 }, (_, c) => ({
      id: `0${l + 1}.part.${'abcdef'[c]}`,
      title: `part${c + 1}() does what the contract of lab ${l + 1} asks for, in one round trip`,
      points: 1 + (c % 3),
    }));
    return {
      id,
      title: id.slice(3),
      checks,
      maxPoints: checks.reduce((sum, { points }) => sum + points, 0),
    };
  });
  const students = Array.from({ length: count }, (_, s) => {
    const failed = many
      .flatMap(({ checks }) => checks)
      .filter((_, c) => (s * 7 + c * 13 + s * c) % 11 < (s % 9) - 2)
      .map(({ id }) => id);
    const ends = Object.fromEntries(
      failed.map((id) => [id, { sentence: `${id} is wrong.`, expected: '1', got: '2', line: 3 }]),
    );
    return student(`Student ${s}`, `student-${s}`, { failed, ends, of: many, ms: 20 + ((s * 31) % 90) });
  });
  return classOf(students, { labs: many });
}
