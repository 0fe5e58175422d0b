import { readFileSync } from 'node:fs';

/** Jupyter's connection file: where the kernel listens, and the key that signs messages. */
export interface Connection {
  transport: 'tcp' | 'ipc';
  ip: string;
  key: string;
  signature_scheme: string;
  shell_port: number;
  iopub_port: number;
  control_port: number;
  stdin_port: number;
  hb_port: number;
}

export type Channel = 'shell' | 'iopub' | 'control' | 'stdin' | 'hb';

/** @throws Error where the scheme is another than HMAC with SHA-256. */
export function readConnection(file: string): Connection {
  const connection: Connection = JSON.parse(readFileSync(file, 'utf8'));
  if (connection.key && connection.signature_scheme !== 'hmac-sha256') {
    throw new Error(
      `The kernel signs with hmac-sha256 only, and ${file} asks for ${connection.signature_scheme}.`,
    );
  }
  return connection;
}

/** A channel's ZeroMQ address: `tcp://127.0.0.1:50001`, or `ipc:///run/user/1000/kernel-1` where Jupyter uses sockets. */
export function addressOf(connection: Connection, channel: Channel): string {
  const port = connection[`${channel}_port`];
  return `${connection.transport}://${connection.ip}${connection.transport === 'ipc' ? '-' : ':'}${port}`;
}
