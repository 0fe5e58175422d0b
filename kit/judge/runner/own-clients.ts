import { Redis } from 'ioredis';
import type { RedisAddress } from '../../servers/address.ts';

/**
 * Has each command fail at once that is sent by a Redis client which leads elsewhere than to the tap: nothing answers
 * there, and the client would try to connect again for ever. A client that no command is sent with disturbs nobody.
 *
 * @param tap says where the tap is, once that is known.
 */
export function refuseElsewhere(tap: () => RedisAddress | undefined): void {
  const send = Redis.prototype.sendCommand;
  Redis.prototype.sendCommand = function sent(command, stream) {
    const { path, host, port } = this.options;
    const given = tap();
    const ours = given?.path === undefined ? given?.port === port : given.path === path;
    if (!given || ours) return send.call(this, command, stream);
    const where = path ?? `${host}:${port}`;
    command.reject(
      new Error(
        `${command.name.toUpperCase()} was sent with a Redis client that your code made for itself, to ${where}: nothing answers there while a lab is checked. Use the \`redis\` that your function is given, or its duplicate().`,
      ),
    );
    return command.promise;
  };
}
