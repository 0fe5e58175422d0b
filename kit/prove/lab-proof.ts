import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogEntry } from '../../src/catalog.ts';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import { committedStub } from '../judge/committed-stub.ts';
import type { LabResult } from '../judge/result.ts';
import { fileOf, type Submission } from '../judge/submission.ts';
import type { Servers } from '../servers/servers.ts';
import type { Jupyter } from '../setup/find-jupyter.ts';
import { type Before, hashOf, inOrder, isChanged, type Part, type Seen } from './before.ts';
import { eachCatches, eachSentence } from './catches.ts';
import type { Claim } from './claim.ts';
import { forgivingProofs } from './forgiving-proofs.ts';
import { judged } from './judged.ts';
import { tellMessages } from './messages.ts';
import { proveReadmeRow } from './readme-row.ts';
import { sentencesOf } from './sentences.ts';
import { type Subject, subjectsOf, type WrongMode } from './subjects.ts';

export interface LabOptions {
  servers: Servers;
  seed: number;
  /** Which wrong solutions are tried. */
  wrong: WrongMode;
  /** Leaves files, types, style and the notebook out. */
  checksOnly: boolean;
  /** What executes the notebook; undefined leaves that out. */
  jupyter: Jupyter | undefined;
  /** What earlier runs saw: it decides the order of this one. Default: nothing. */
  before?: Before;
  /** Told of each part once its claims are made: the next run's `before`. */
  onSeen?: (name: string, seen: Seen) => void;
  /** Ends the run: what is not proved by then is not told. */
  signal?: AbortSignal;
}

type SubjectPart = Subject & Part;

/** The part of a lab's proof for which code runs: its checks on every subject, and its notebook. */
export class LabProof {
  /** Subjects that have changed since an earlier run. */
  readonly changed: readonly SubjectPart[];
  /** The other subjects. */
  readonly unchanged: readonly SubjectPart[];
  /** Whether the notebook, or what it is executed with, has changed since an earlier run. */
  readonly notebookChanged: boolean;
  /** Why kept solutions cannot be made, a sentence each; the proof then does without them. */
  readonly faults: readonly string[];
  #subjects: readonly SubjectPart[];
  #notebook: Part;
  #stub: Submission;
  #entry: CatalogEntry;
  #options: LabOptions;
  #results = new Map<Subject, LabResult>();

  private constructor(
    made: {
      subjects: readonly SubjectPart[];
      notebook: Part;
      stub: Submission;
      entry: CatalogEntry;
      faults: readonly string[];
    },
    options: LabOptions,
  ) {
    const { before = {} } = options;
    const { changed, unchanged } = inOrder(made.subjects, before);
    this.changed = changed;
    this.unchanged = unchanged;
    this.notebookChanged = isChanged(made.notebook, before);
    this.faults = made.faults;
    this.#subjects = made.subjects;
    this.#notebook = made.notebook;
    this.#stub = made.stub;
    this.#entry = made.entry;
    this.#options = options;
  }

  /** Reads the subjects of a lab. The worked answer must have been extracted. */
  static async of(entry: CatalogEntry, options: LabOptions): Promise<LabProof> {
    const { id } = entry;
    const { seed, wrong } = options;
    const faults: string[] = [];
    const teachers = await forgivingProofs(faults);
    const stub = await savedStub(id);
    const subjects = await Promise.all(
      (await subjectsOf(id, { teachers, seed, wrong, stub })).map(async (subject) => ({
        ...subject,
        hash: hashOf(await textOf(await fileOf(subject.submission, id))),
      })),
    );
    const name = `notebooks/${id}.ipynb`;
    const solutions = subjects.slice(0, teachers ? 2 : 1).map(({ hash }) => hash);
    const notebook = { name, hash: hashOf(await textOf(join(rootFolder(), name)), ...solutions) };
    return new LabProof({ subjects, notebook, stub, entry, faults }, options);
  }

  /** Tries the checks on subjects, in their order, and tells what each result proves as soon as it is known. */
  async *judge(subjects: readonly SubjectPart[]): AsyncGenerator<Claim> {
    for await (const { subject, result } of judged(subjects, this.#options)) {
      this.#results.set(subject, result);
      const claims = subject.claims(result);
      this.#saw(subject, claims);
      yield* claims;
    }
  }

  /** What all results together prove: that each check catches something, and that the README tells their points. */
  async *compare(): AsyncGenerator<Claim> {
    if (studentsEdition() || this.#results.size < this.#subjects.length) return;
    const { wrong } = this.#options;
    if (wrong !== 'none' && this.faults.length === 0) {
      yield* eachCatches(this.#subjects, this.#results, wrong === 'all');
      yield await tellMessages(this.#entry.id, this.#subjects, this.#results);
      const sentences = await sentencesOf(this.#entry.id);
      const [results, every] = [this.#results, wrong !== 'drawn'];
      if (sentences) yield* eachSentence(sentences, this.#subjects, { results, every });
      else yield unnumbered(this.#entry.id);
    }
    yield proveReadmeRow(this.#entry, this.#results.get(this.#subjects[0]!)!.maxPoints);
  }

  /** Executes the notebook, with the worked answer and with the stub. */
  async *execute(): AsyncGenerator<Claim> {
    const { jupyter, signal } = this.#options;
    if (!jupyter || signal?.aborted) return;
    const { proveNotebook } = await import('./prove-notebooks.ts');
    const claims: Claim[] = [];
    const options = { jupyter, stub: this.#stub, ...(signal ? { signal } : {}) };
    try {
      for await (const claim of proveNotebook(this.#entry.id, options)) {
        claims.push(claim);
        yield claim;
      }
      this.#saw(this.#notebook, claims);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }

  #saw({ name, hash }: Part, claims: readonly Claim[]): void {
    this.#options.onSeen?.(name, { hash, held: claims.every(({ holds }) => holds) });
  }
}

/** That nobody has said which check looks after which sentence. */
const unnumbered = (id: string): Claim => ({
  name: `the sentences of ${id} are numbered`,
  holds: false,
  detail: `test/sentences/${id}.ts is not there. Write each sentence of the contract with its checks, as in the other files of that folder.`,
});

/** The stub that an author sees: as saved, not as committed. A students' edition keeps it apart from `labs/`. */
const savedStub = async (id: string): Promise<Submission> =>
  studentsEdition() ? committedStub(id) : { name: 'labs', path: join(rootFolder(), 'labs') };

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
