import pc from 'picocolors';
import type { Claim } from './claim.ts';
import { claimLine } from './claim-line.ts';

/** Prints the claims of a watch, and which of them changed since the last run that came to its end. */
export class WatchReport {
  #title: string;
  /** The verdicts of the last run that came to its end. */
  #before = new Map<string, boolean>();
  #claims: Claim[] = [];

  /** @param title what is proved: `Lab 07`. */
  constructor(title: string) {
    this.#title = title;
  }

  /** A new run begins. @param saved the files that were saved since the last; none at first. */
  begin(saved: readonly string[]): void {
    this.#claims = [];
    if (saved.length > 0) console.log(`\n${pc.bold(`${listed(saved)} saved: ${this.#title} again`)}`);
  }

  claim(claim: Claim): void {
    this.#claims.push(claim);
    console.log(claimLine({ ...claim, name: this.#named(claim) }));
  }

  /** The run could not be made. */
  fault(sentence: string): void {
    console.log(`  ${pc.red('✗')} ${this.#title} could not be proved: ${sentence}`);
    console.log(pc.dim('\n  The next save tries again. Ctrl-C ends.'));
  }

  /** The run has come to its end: what changed stands first. @returns whether everything holds. */
  end(): boolean {
    const changed = this.#claims.filter((claim) => this.#hasChanged(claim));
    const failing = this.#claims.filter((claim) => !claim.holds && !this.#hasChanged(claim));
    const holding = this.#claims.filter(({ holds }) => holds).length;
    console.log(`\n${pc.bold(this.#title)}: ${holding} hold, ${this.#claims.length - holding} do not`);
    for (const { name, holds } of [...changed, ...failing])
      console.log(claimLine({ name: this.#named({ name, holds }), holds }));
    console.log(pc.dim('\n  The next save proves it again. Ctrl-C ends.'));
    this.#before = new Map(this.#claims.map(({ name, holds }) => [name, holds]));
    return this.#claims.length > 0 && holding === this.#claims.length;
  }

  #hasChanged({ name, holds }: Claim): boolean {
    const before = this.#before.get(name);
    return before !== undefined && before !== holds;
  }

  #named(claim: Claim): string {
    if (!this.#hasChanged(claim)) return claim.name;
    return claim.holds ? `holds again: ${claim.name}` : `fell: ${claim.name}`;
  }
}

/** Names of files: the first three, and how many more. */
const listed = (files: readonly string[]): string =>
  files.length > 3 ? `${files.slice(0, 3).join(', ')} and ${files.length - 3} more` : files.join(', ');
