/** bull-board, for looking only: loaded when somebody first opens it, so that nobody's start waits for it. */
import type { Queue } from 'bullmq';
import type { RouteHandler } from '../ports/routes.ts';
import { type BoardParts, boardHandler } from './board-server.ts';

/** `basePath` is where it is mounted, without a slash at the end. It shows queues' jobs, whose data is ids alone. */
export function createBoard(queues: readonly Queue[], basePath: string): RouteHandler {
  let loading: Promise<RouteHandler> | null = null;
  return async (request, response) => {
    loading ??= load(queues, basePath);
    const handle = await loading.catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return handle(request, response);
  };
}

async function load(queues: readonly Queue[], basePath: string): Promise<RouteHandler> {
  const [{ createBullBoard }, { BullMQAdapter }] = await Promise.all([import('@bull-board/api'), import('@bull-board/api/bullMQAdapter')]);
  const parts: BoardParts = { queues: new Map(), uiConfig: {}, views: '', statics: '', entry: null, api: [] };
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false })),
    serverAdapter: adapterInto(parts),
    options: { uiConfig: { boardTitle: 'voicejob', hideDocsLink: true } },
  });
  return boardHandler(parts, basePath);
}

type ServerAdapter = Parameters<typeof import('@bull-board/api').createBullBoard>[0]['serverAdapter'];

/** What bull-board tells its web server, noted. Its handler of errors is left out: what a bug says belongs in the log. */
function adapterInto(parts: BoardParts): ServerAdapter {
  const adapter: ServerAdapter = {
    setQueues: (queues) => note({ queues }),
    setViewsPath: (views) => note({ views }),
    setStaticPath: (_, statics) => note({ statics }),
    setEntryRoute: (entry) => note({ entry }),
    setApiRoutes: (api) => note({ api }),
    setUIConfig: (uiConfig) => note({ uiConfig }),
    setErrorHandler: () => adapter,
  };
  const note = (part: Partial<BoardParts>): ServerAdapter => {
    Object.assign(parts, part);
    return adapter;
  };
  return adapter;
}
