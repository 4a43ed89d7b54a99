/**
 * A process that drains a destination or appends to a journal, and kills itself at a named step. Arguments: socket, chat url, destination, the step
 * (or several, with commas), and a step at which it first stops itself until somebody continues it.
 */
import { Redis } from 'ioredis';
import { deliverOnce } from '../../src/deliver/deliver-once.ts';
import { logged } from './builders.ts';
import { chatAdapter } from './chat-server.ts';
import { core, grow } from './core.ts';

const [socket = '', chatUrl = '', destination = '', dieAt = '', holdAt = ''] = process.argv.slice(2);

function step(name: string): void {
  if (dieAt.split(',').includes(name)) process.kill(process.pid, 'SIGKILL');
  if (name === holdAt) process.kill(process.pid, 'SIGSTOP');
}

/** The same object, with steps before and after some of its methods. */
function watched<T extends object>(target: T, methods: readonly (keyof T & string)[]): T {
  return new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property);
      if (typeof value !== 'function' || !methods.some((method) => method === property)) return value;
      return async (...args: unknown[]) => {
        step(`before ${String(property)}`);
        const result: unknown = await Reflect.apply(value, object, args);
        step(`after ${String(property)}`);
        return result;
      };
    },
  });
}

const redis = new Redis({ path: socket });
const adapter = watched(chatAdapter(chatUrl), ['post', 'update', 'find', 'remove']);
const plain = core(redis, adapter);
const parts = {
  ...plain,
  watch: watched(plain.watch, ['append']),
  drain: { ...plain.drain, store: watched(plain.deliver, ['intent', 'settle', 'release', 'doubt', 'lateDone']) },
};

if (dieAt.endsWith('append')) await grow(parts, [logged({ action: 'NEWS', time: 1_764_560_000 })]);
else for (;;) await deliverOnce(parts.drain, destination, new AbortController().signal);
