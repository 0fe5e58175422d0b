import { InfrastructureError } from './explain.ts';

/**
 * This machine, which had no time for the student's process or for the judge, may be all that a check ran into. It is tried
 * again alone.
 */
export class MachineTooBusy extends InfrastructureError {
  /**
   * @param what completes "This machine is too busy to judge this check: "
   * @example new MachineTooBusy('`f` had not settled after 31.0 s, of which it was kept waiting for 21.0 s')
   */
  constructor(what: string) {
    super(
      `This machine is too busy to judge this check: ${what.replace(/\.$/, '')}. Run the check again when fewer programs are running on this machine.`,
    );
  }
}
