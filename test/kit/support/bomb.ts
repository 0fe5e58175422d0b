/** Starts processes until no more can be had, then says how many tasks there are. */
export const bomb = `
  const { spawn } = require('node:child_process');
  const { readdirSync, readFileSync } = require('node:fs');
  let failed = 0;
  for (let i = 0; i < 40; i++) {
    try { spawn('/lab/node', ['-e', 'setTimeout(() => {}, 5000)'], { stdio: 'ignore' }).on('error', () => failed++); } catch { failed++; }
  }
  setTimeout(() => {
    const tasks = readdirSync('/proc').filter(Number).flatMap((pid) => { try { return readdirSync('/proc/' + pid + '/task'); } catch { return []; } });
    console.log(JSON.stringify({ tasks: tasks.length, failed }));
    process.exit();
  }, 700);`;
