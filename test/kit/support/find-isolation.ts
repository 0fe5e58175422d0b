import { findIsolation } from '../../../kit/judge/isolation/find.ts';

// What another user of this machine finds, as a line of JSON.
const { level, sentence } = await findIsolation();
console.log(JSON.stringify({ level, sentence }));
