import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { classroomResult, stepOutput } from '../../../kit/class/report/classroom.ts';
import { gradescopeResults } from '../../../kit/class/report/gradescope.ts';
import { junitXml } from '../../../kit/class/report/junit.ts';
import type { ClassResult } from '../../../kit/class/report/result-schema.ts';
import { classResult, parseResult, resultJson } from '../../../kit/class/report/result-schema.ts';
import { scoreOf } from '../../../kit/class/report/score.ts';
import { exampleClass } from './support/class-result.ts';
import * as schemas from './support/report-schemas.ts';

const result = exampleClass();
const of = (slug: string, from: ClassResult = result) => from.students.find((one) => one.slug === slug)!;

/** The class after the instructor gave one answer its points. */
function graded(): ClassResult {
  const copy = structuredClone(result);
  of('zoe-muller', copy).written[0]!.points = 7.5;
  return copy;
}

describe('gradescopeResults()', () => {
  it('fits the schema for every student, before and after written points', () => {
    for (const from of [result, graded()]) {
      for (const student of from.students) schemas.gradescope.parse(gradescopeResults(student, from));
    }
  });

  it('adds up to the score, and to the manifest', () => {
    for (const from of [result, graded()]) {
      for (const student of from.students) {
        const { score, tests } = gradescopeResults(student, from);
        const { total, max } = scoreOf(student, from);
        expect(score).toBe(total);
        expect(tests.reduce((sum, test) => sum + test.score, 0)).toBe(total);
        expect(tests.reduce((sum, test) => sum + test.max_score, 0)).toBe(max);
      }
    }
  });

  it('hides no test, since one hidden test hides the total', () => {
    const { visibility, tests } = gradescopeResults(of('script'), result);
    expect([visibility, ...tests.map((test) => test.visibility)]).not.toContain('hidden');
  });

  it('says of a check that was not judged that no points are lost', () => {
    const { output, tests } = gradescopeResults(of('kim-2'), result);
    expect(output).toContain('4 points could not be judged: neither earned nor lost.');
    const open = tests.filter(({ tags }) => tags[0] !== 'passed');
    expect(open.map(({ tags }) => tags[0])).toEqual(['not-gradable', 'infrastructure-error']);
    for (const { name } of open) expect(name).toMatch(/\(not judged: no points lost\)$/);
  });
});

describe('classroomResult()', () => {
  it('fits the schema for every student, before and after written points', () => {
    for (const from of [result, graded()]) {
      for (const student of from.students) schemas.classroom.parse(classroomResult(student, from));
    }
  });

  it('gives the reporter the total as the sum of its scores', () => {
    for (const student of result.students) {
      const { max_score, tests } = classroomResult(student, result);
      expect(tests.reduce((sum, { score }) => sum + score, 0)).toBe(scoreOf(student, result).total);
      expect(max_score).toBe(15);
    }
  });

  it('tells an error of the judge from a failure', () => {
    expect(classroomResult(of('zoe-muller'), result).status).toBe('pass');
    expect(classroomResult(of('kim-2'), result).status).toBe('error');
    expect(classroomResult(of('kim-10'), result).status).toBe('fail');
  });

  it('prints no line that a workflow would take for a command', () => {
    for (const { name, message } of classroomResult(of('script'), result).tests) {
      for (const line of `${name}\n${message}`.split('\n')) {
        expect(line.trim()).not.toMatch(/^::/);
        expect(line).not.toContain('##[');
      }
    }
  });

  it('crosses as base64 of its JSON', () => {
    const classroom = classroomResult(of('script'), result);
    const text = stepOutput(classroom);
    expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(JSON.parse(Buffer.from(text, 'base64').toString('utf8'))).toEqual(classroom);
  });
});

describe('junitXml()', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: true,
    htmlEntities: true,
    isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
  });
  const read = (xml: string) => {
    expect(XMLValidator.validate(xml)).toBe(true);
    return schemas.junit.parse(withoutBlanks(parser.parse(xml))).testsuites.testsuite;
  };

  it('is well-formed and fits the schema, whatever a student printed', () => {
    const suites = read(junitXml(result));
    expect(suites).toHaveLength(result.students.length * result.labs.length);
    expect(suites.map((suite) => suite['@id'])).toEqual(suites.map((_, i) => String(i)));
  });

  it('holds no character that XML forbids', () => {
    expect(junitXml(result)).not.toMatch(
      /(?![\t\n])\p{Cc}|[\ufffe\uffff\ud800-\udfff](?<![\ud800-\udbff][\udc00-\udfff])(?![\udc00-\udfff])/u,
    );
  });

  it('counts in its heads what stands in its cases', () => {
    for (const suite of read(junitXml(result))) {
      const count = (kind: 'failure' | 'error' | 'skipped') =>
        String(suite.testcase.filter((one) => one[kind]).length);
      expect(suite['@tests']).toBe(String(suite.testcase.length));
      expect([suite['@failures'], suite['@errors'], suite['@skipped']]).toEqual([
        count('failure'),
        count('error'),
        count('skipped'),
      ]);
    }
  });

  it('keeps the four outcomes apart', () => {
    const suite = read(junitXml(result)).filter((one) => one['@package']!.startsWith('kim-2.'));
    const kinds = suite.flatMap(({ testcase }) =>
      testcase.map((one) => (one.failure ? 'f' : one.error ? 'e' : one.skipped ? 's' : '.')),
    );
    expect(kinds.join('')).toBe('..s..e');
  });
});

describe('result.json', () => {
  it('fits its schema and is read back as it was', () => {
    expect(parseResult(resultJson(result))).toEqual(JSON.parse(JSON.stringify(result)));
  });

  it('leaves out what it does not know', () => {
    const more = resultJson(result).replace('"state":"present"', '"state":"present","defines":[]');
    expect(parseResult(more)).toEqual(parseResult(resultJson(result)));
  });

  it('knows every field of the types', () => {
    const typed: ClassResult = classResult.parse(JSON.parse(resultJson(result)));
    expect(typed.students).toHaveLength(11);
  });

  it.each([
    ['no JSON', 'nothing', /is no JSON/],
    ['another version', '{"version":2}', /"version"/],
    [
      'a damaged student',
      resultJson(result).replace('"outcome":"passed"', '"outcome":"won"'),
      /students\.0\.labs\.0\.checks\.0\.outcome/,
    ],
  ])('refuses %s with the place', (_, text, says) => {
    expect(() => parseResult(text)).toThrow(says);
  });
});

/** Blank text between elements is layout. */
function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, text]) => key !== '#text' || String(text).trim() !== '')
      .map(([key, inner]) => [key, withoutBlanks(inner)]),
  );
}
