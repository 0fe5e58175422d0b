// What only teachers prove the course with: solutions that are kept, and attacks. A students' edition leaves this out.
export { hostileSubmissions } from './hostile.ts';
export { proveAttacks } from './prove-attacks.ts';
export { keptSolutions } from './solutions.ts';
