/**
 * A second thread of the runner, as source text. It waits on file descriptor 4, or at the socket that it is given in its
 * place. On `where` it pauses the main thread through the inspector, even in an endless loop, and writes the call frames
 * as one JSON line. When the judge is gone (the descriptor closes) it ends the whole process, which a blocked main thread
 * could not.
 */
export const watchdogSource = `
const { Session } = require('node:inspector');
const { connect, Socket } = require('node:net');
const { workerData: door } = require('node:worker_threads');
const judge = door ? connect(door) : new Socket({ fd: 4, readable: true, writable: true });
const gone = () => process.kill(process.pid, 'SIGKILL');
judge.on('close', gone);
judge.on('error', gone);
judge.on('data', () => {
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map();
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
  let looks = 0;
  session.on('Debugger.paused', ({ params }) => {
    // Between two microtasks no frame is the student's: look again a little later.
    if (params.callFrames.every((f) => !(f.url || urls.get(f.location.scriptId) || '').endsWith('.mjs')) && looks++ < 50) {
      session.post('Debugger.stepInto');
      return;
    }
    const frames = params.callFrames.slice(0, 20).map((f) => ({ name: f.functionName, url: f.url || urls.get(f.location.scriptId) || '', line: f.location.lineNumber, column: f.location.columnNumber }));
    judge.write(JSON.stringify(frames) + '\\n');
    session.disconnect();
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
});
`;
