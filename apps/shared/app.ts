import type { MysqlAddress, RedisAddress } from '../../kit/servers/address.ts';
import type { LoadedLab } from './loaded-lab.ts';

/** An application that runs on labs, as `./lab serve` knows it. */
export interface App {
  /** Its word in the command: `'store'`. */
  name: string;
  /** How it is called in a sentence: `'The shop'`. */
  title: string;
  /** The labs that it runs on, in order. */
  labIds: readonly string[];
  /**
   * Loads its data where there is none, and listens.
   *
   * @throws Error of `listen`, with `code` EADDRINUSE where the port is taken
   */
  open(opening: Opening): Promise<OpenApp>;
}

/** What an application is opened with. */
export interface Opening {
  mysql: MysqlAddress;
  redis: RedisAddress;
  /** Which servers these are, in a sentence: `'MySQL 9.7.4 and Redis 8.0.6 (containers): ...'`. */
  servers: string;
  /** Whose labs these are: `'answers'`. */
  labsName: string;
  /** Loads the labs of `labIds`, as they are at this moment. */
  loadLabs(): Promise<readonly LoadedLab[]>;
  host: string;
  /** 0 is any free port. */
  port: number;
  /** Tells the person at the terminal. */
  say(sentence: string): void;
}

/** An application that is open. */
export interface OpenApp {
  /** `'http://127.0.0.1:5000'` */
  url: string;
  /** What whoever opens it to a network should know. */
  caution: string;
  /** Goes on with the labs as they are now: they were edited. */
  useLabs(): Promise<void>;
  close(): Promise<void>;
}
