import { createRequire } from 'node:module';

/** A display message as a front end gets it. */
export interface Message {
  data: Record<string, string>;
  transient: { display_id?: string };
  update: boolean;
}

/** Makes this process a notebook for `work`, as the kernel does it: with tslab's own module, and its sender. */
export async function inNotebookFor(work: () => unknown): Promise<Message[]> {
  const jupyter = createRequire(import.meta.url)('tslab/dist/jupyter.js');
  const messages: Message[] = [];
  jupyter.lastWriteDisplayData = (message: Omit<Message, 'update'>, update: boolean) =>
    messages.push({ ...message, update });
  try {
    await work();
  } finally {
    jupyter.lastWriteDisplayData = null;
  }
  return messages;
}

/** What `work` writes to stdout. */
export async function stdoutOf(work: () => unknown): Promise<string> {
  const write = process.stdout.write;
  let text = '';
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return text;
}
