/** A process of its own that uses the private Redis of the data directory it is given. Says where it is; leaves at the end of its input. */
import { openPrivateRedis } from '../../src/store/private-redis.ts';
import { quiet } from '../queue/rig.ts';

const [dataDir = ''] = process.argv.slice(2);
try {
  const redis = await openPrivateRedis({ dataDir, log: quiet, clock: { now: () => Date.now(), monotonic: () => performance.now() } });
  process.stdout.write(`${JSON.stringify({ socketPath: redis.socketPath, pid: redis.pid() })}\n`);
  process.stdin.resume().on('end', () => void redis.close());
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
}
