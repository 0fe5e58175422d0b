// What only teachers prove the course with: solutions that are kept, and attacks. A students' edition leaves this out.
export { proveAttacks } from './prove-attacks.ts';
export { keptSolutions } from './solutions.ts';
