/** A process of its own that starts a poll which never ends. Says `polling` when it has begun. */
import { makeQueue } from './rig.ts';

const [socketPath = ''] = process.argv.slice(2);
makeQueue(socketPath, {
  roles: { watch: true, deliver: false },
  pollOnce: () => {
    process.stdout.write('polling\n');
    return new Promise(() => undefined);
  },
}).start();
