/** One line of the rubric for a written answer. */
export interface Criterion {
  points: number;
  title: string;
  /** What earns all of it. */
  full: string;
}

/** What the instructor looks at in a written answer. The program never scores prose. */
export const rubric: readonly Criterion[] = [
  {
    points: 4,
    title: 'Answers the question',
    full: 'names the method or command that was asked for, and says what it does there',
  },
  {
    points: 3,
    title: 'Is illustrated',
    full: 'shows the code or the terminal output that proves it, not merely beside it',
  },
  {
    points: 3,
    title: 'Says why',
    full: 'gives a reason: round trips, what happens after a crash, what another way would cost',
  },
];

/** The most that a written answer can earn: 10. */
export const WRITTEN_MAX: number = rubric.reduce((sum, { points }) => sum + points, 0);
