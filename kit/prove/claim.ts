/** Something that the course says of itself, and whether it held. */
export interface Claim {
  /** `answers/01-initial-sync.md scores full points`. */
  name: string;
  holds: boolean;
  /** Why not, or a figure worth reading. */
  detail?: string;
}
