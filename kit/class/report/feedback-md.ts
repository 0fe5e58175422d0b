import { countOf } from '../../base/count-of.ts';
import { differingLines } from '../../base/differing-lines.ts';
import { type CheckResult, isOpen } from '../../judge/result.ts';
import { lineBeside, openSentence, signs } from './check-words.ts';
import { MAX_PRINTED_CHARS } from './feedback-html.ts';
import { firstHint } from './first-hint.ts';
import { type JudgedLab, judgedLabs } from './judged-labs.ts';
import { fence, inline, sentence } from './markdown.ts';
import type { ClassResult, StudentResult, WrittenAnswer } from './result-schema.ts';
import { WRITTEN_MAX } from './rubric.ts';
import { bounded, safeText } from './safe-text.ts';
import { scoreOf } from './score.ts';

/** The same feedback as Markdown, for an issue, a pull request or a mail. What a student wrote stays text in it. */
export function feedbackMarkdown(student: StudentResult, result: ClassResult): string {
  const { total, max, checks, maxChecks, written, maxWritten, open } = scoreOf(student, result);
  const parts = [
    `# Feedback for ${inline(student.student)}`,
    `**${total} of ${max} points** in ${inline(result.name)}`,
    maxWritten > 0 &&
      `${checks} of ${maxChecks} from checks, ${written} of ${maxWritten} from written answers.`,
    open > 0 && `${openSentence(open)} They are marked below.`,
    student.notes.length > 0 && `**About what you handed in**\n\n${list(student.notes)}`,
    ...judgedLabs(student, result).map((lab) =>
      labPart(
        lab,
        student.written.find((answer) => answer.lab === lab.lab.id),
      ),
    ),
    `---\n\nJudged on ${inline(result.servers)}, seed ${result.seed}, ${result.startedAt.slice(0, 10)}.`,
  ];
  return `${joined(parts)}\n`;
}

const joined = (parts: (string | false | undefined)[]): string => parts.filter(Boolean).join('\n\n');

const list = (lines: readonly string[]): string => lines.map((line) => `- ${sentence(line)}`).join('\n');

function labPart(
  { lab, number, checks, points, maxPoints, open, result }: JudgedLab,
  answer: WrittenAnswer | undefined,
): string {
  const told = new Set<string>();
  const hint = points + open < maxPoints ? firstHint(lab.id) : undefined;
  const printed = safeText(result?.output ?? '').trim();
  const warnings = result?.warnings ?? [];
  return joined([
    `## ${number} ${inline(lab.title)}: ${points} of ${maxPoints}${open > 0 ? `, ${open} not judged` : ''}`,
    ...checks.map((check) => checkPart(check, told)),
    hint && `**Hint** ${sentence(hint)}`,
    warnings.length > 0 && `**${countOf(warnings.length, 'warning')} (no points)**\n\n${list(warnings)}`,
    printed !== '' &&
      `**Your code printed**\n\n${fence(bounded(printed, MAX_PRINTED_CHARS), { safe: true })}`,
    answer && writtenPart(answer),
  ]);
}

function checkPart(check: CheckResult, told: Set<string>): string {
  const { outcome, points, maxPoints, title, expected, got, wire } = check;
  const line = lineBeside(check);
  const figure = isOpen(outcome) ? `–/${maxPoints}` : `${points}/${maxPoints}`;
  const head = `${signs[outcome].sign} **${figure}** ${sentence(title)}`;
  if (outcome === 'passed') return head;
  const said = check.sentence ?? '';
  const again = told.has(said);
  told.add(said);
  const text = sentence(bounded(said, 4000));
  if (outcome !== 'failed')
    return again ? `${head} (as above)` : `${head}\n\n*${signs[outcome].word}:* ${text}`;
  return joined([
    again ? `${head} (as above)` : head,
    !again && `${text}${line === undefined ? '' : ` (line ${line})`}`,
    value('expected', { text: expected, other: got }),
    value('got', { text: got, other: expected }),
    wire && `What crossed the network:\n\n${fence(bounded(wire, MAX_PRINTED_CHARS))}`,
  ]);
}

/** A value; a bar marks the lines that the other lacks. */
function value(
  name: string,
  { text, other }: { text: string | undefined; other: string | undefined },
): string | undefined {
  if (text === undefined) return undefined;
  const safe = (of: string) => safeText(bounded(of, MAX_PRINTED_CHARS));
  const lines = differingLines(safe(text), other === undefined ? undefined : safe(other));
  const some = lines.some(({ differs }) => differs);
  const shown = lines.map(({ line, differs }) => (some ? `${differs ? '> ' : '  '}${line}` : line));
  return `${name}:\n\n${fence(shown.join('\n'), { safe: true })}`;
}

function writtenPart({ state, remarks, code, points }: WrittenAnswer): string {
  const states = { missing: 'not handed in', template: 'still the template', present: 'handed in' };
  const given = points === undefined ? '' : `, ${points} of ${WRITTEN_MAX} points`;
  const passed = code?.checks.filter(({ outcome }) => outcome === 'passed').length;
  const facts = [
    ...remarks,
    ...(code
      ? [
          `Its code passes ${passed} of ${countOf(code.checks.length, 'check')} of the lab. This is no part of the points.`,
        ]
      : []),
  ];
  return joined([`**Written answer:** ${states[state]}${given}`, facts.length > 0 && list(facts)]);
}
