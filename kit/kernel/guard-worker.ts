/**
 * A thread beside the one that runs cells. It stays awake when a cell does not let go:
 *
 * - Jupyter interrupts with SIGINT, which Node delivers only between two pieces of work, so never during an endless
 *   loop. A thread that waits with `breakOnSigint` is woken at once. It asks the main thread to give the cell up;
 *   a main thread that does not answer has its running code terminated through the inspector.
 * - When the process that started the kernel is gone (Jupyter was killed), it ends the kernel.
 */
import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import vm from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { COMPILING, type GuardData, IDLE, INTERRUPTED, PHASE, RUNNING } from './guard.ts';

const { flags, parent } = workerData as GuardData;
const POLL_MS = 500;
/** Processor time that the process may use before it answers, ms: a main thread that got none is not in a loop. */
const ANSWER_CPU_MS = 250;
/** Where a cell runs and uses none, it may block: it is given up after this time, ms. */
const BLOCKED_MS = 10_000;
const TERMINATED_MS = 2000;

function interrupt(): void {
  Atomics.store(flags, INTERRUPTED, 1);
  parentPort!.postMessage(Atomics.load(flags, PHASE) === IDLE ? 'idle' : 'interrupt');
  // The compiler is never terminated half-way: it takes a second at most, then the cell's own code is due.
  for (let waited = 0; Atomics.load(flags, PHASE) === COMPILING && waited < 20; waited++) {
    Atomics.wait(flags, PHASE, COMPILING, 500);
  }
  if (answers()) return;
  // A session is closed once its request was served: closed sooner it takes the request back.
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution');
  Atomics.wait(flags, INTERRUPTED, 1, TERMINATED_MS);
  session.disconnect();
}

/**
 * Waits until the main thread took notice. False where it uses its time for something else, or a cell holds it without
 * using any. On a busy machine it may come to nothing for seconds: to terminate it then would end the kernel's own work.
 */
function answers(): boolean {
  const [usage, began] = [process.cpuUsage(), performance.now()];
  for (;;) {
    Atomics.wait(flags, INTERRUPTED, 1, ANSWER_CPU_MS);
    if (Atomics.load(flags, INTERRUPTED) === 0) return true;
    const { user, system } = process.cpuUsage(usage);
    if ((user + system) / 1000 >= ANSWER_CPU_MS) return false;
    if (Atomics.load(flags, PHASE) === RUNNING && performance.now() - began > BLOCKED_MS) return false;
  }
}

function endWithParent(): void {
  if (process.ppid === parent) return;
  try {
    writeSync(2, 'The storelab kernel ends: the Jupyter that started it is gone.\n');
  } catch {
    // Nobody reads it any more.
  }
  process.kill(process.pid, 'SIGKILL');
}

/** True where SIGINT came while `wait` ran. */
function brokenBySignal(wait: () => void): boolean {
  Object.assign(globalThis, { wait });
  try {
    vm.runInThisContext('wait()', { breakOnSigint: true });
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
  }
}

const sleep = () => {
  Atomics.wait(flags, INTERRUPTED, Atomics.load(flags, INTERRUPTED), POLL_MS);
};

// Watching twice: while one watch is renewed the other one holds, as SIGINT without a watch ends the process.
for (;;) {
  const missed = brokenBySignal(() => {
    for (;;) {
      endWithParent();
      if (brokenBySignal(sleep)) interrupt();
    }
  });
  if (missed) interrupt();
}
