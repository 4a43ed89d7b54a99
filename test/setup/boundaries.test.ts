import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import config from '../../boundaries.config.ts';
import { checkBoundaries, findViolations } from '../../scripts/boundaries.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** A small tree in DESIGN's layout in which every import is allowed: file -> the specifiers it imports ('type ' before a type-only one, '()' after a dynamic one). */
const CLEAN: Readonly<Record<string, readonly string[]>> = {
  'src/domain/job.ts': ['node:crypto'],
  'src/ports/store.ts': ['type ../domain/job.ts'],
  'src/ports/log.ts': ['type ../domain/job.ts'],
  'src/ports/inspect.ts': ['type ../domain/job.ts'],
  'src/ports/chat-adapter.ts': ['type ../domain/job.ts', 'type ./routes.ts'],
  'src/ports/routes.ts': ['type node:http'],
  'src/config.ts': ['zod', 'node:fs', './config/read.ts'],
  'src/config/read.ts': ['zod'],
  'src/log.ts': ['pino', 'type ./ports/log.ts', './log/redact.ts'],
  'src/log/redact.ts': [],
  'src/metrics.ts': ['prom-client', 'type ./ports/log.ts'],
  'src/lifecycle.ts': ['type ./ports/log.ts'],
  'src/system.ts': ['node:crypto'],
  'src/watch/poll-once.ts': ['../domain/job.ts', 'type ../ports/store.ts', 'node:timers/promises'],
  'src/deliver/deliver-once.ts': ['../domain/job.ts', 'type ../ports/store.ts'],
  'src/commands/handle-inbound.ts': ['../domain/job.ts', 'type ../ports/store.ts'],
  'src/metastudio/client.ts': ['ky', 'zod', 'node:crypto', 'type ../ports/log.ts'],
  'src/store/redis.ts': ['ioredis', 'type ../ports/store.ts'],
  'src/admin/commands.ts': ['../domain/job.ts', 'type ../ports/store.ts', 'node:os'],
  'src/open-redis.ts': ['ioredis', './store/redis.ts', 'type ./config.ts', 'type ./lifecycle.ts', './system.ts'],
  'src/operate.ts': ['./admin/commands.ts', './metastudio/client.ts', './open-redis.ts', '../adapters/index.ts', './config.ts'],
  'src/queue/queue.ts': ['bullmq', 'type ../ports/store.ts'],
  'src/http/server.ts': ['node:http', 'type ../ports/routes.ts'],
  'src/demo/simulator.ts': ['node:http', '../domain/job.ts'],
  'src/app.ts': [
    ...[
      'watch/poll-once',
      'deliver/deliver-once',
      'commands/handle-inbound',
      'metastudio/client',
      'store/redis',
      'queue/queue',
      'http/server',
      'demo/simulator',
    ].map((name) => `./${name}.ts`),
    '../adapters/index.ts',
    './open-redis.ts',
    'type ./config.ts',
  ],
  'src/main.ts': ['./app.ts', './operate.ts', './config.ts', './log.ts', './metrics.ts', './lifecycle.ts', './system.ts', './demo/simulator.ts'],
  'adapters/index.ts': [
    'type ../src/ports/chat-adapter.ts',
    'type ../src/config.ts',
    './playground/adapter.ts()',
    './slack/adapter.ts()',
    './teams/adapter.ts()',
    'type ./slack/adapter.ts',
  ],
  'adapters/playground/adapter.ts': ['./render.ts', 'type ../../src/ports/inspect.ts', 'node:crypto'],
  'adapters/playground/render.ts': ['type ../../src/domain/job.ts'],
  'adapters/slack/adapter.ts': ['./render.ts', 'type ../../src/ports/log.ts'],
  'adapters/slack/render.ts': ['type ../../src/domain/job.ts'],
  'adapters/teams/adapter.ts': ['type ../../src/ports/chat-adapter.ts', './verify.ts', './token.ts'],
  'adapters/teams/verify.ts': ['botbuilder()', 'type botbuilder'],
  'adapters/teams/token.ts': ['botbuilder()'],
  'test/flow/app.test.ts': ['../../src/app.ts'],
};

/** One forbidden import per line: the rule, the folder whose file imports, and what it imports. */
const PLANTS: readonly (readonly [rule: string, folder: string, specifier: string])[] = [
  ['src-domain-imports', 'src/domain', '../ports/log.ts'],
  ['src-domain-imports', 'src/domain', 'node:fs'],
  ['src-domain-imports', 'src/domain', 'zod'],
  ['src-ports-imports', 'src/ports', '../store/redis.ts'],
  ['src-ports-imports', 'src/ports', 'node:net'],
  ['src-watch-imports', 'src/watch', '../deliver/deliver-once.ts'],
  ['src-watch-imports', 'src/watch', '../log.ts'],
  ['src-watch-imports', 'src/watch', 'ioredis'],
  ['src-deliver-imports', 'src/deliver', '../watch/poll-once.ts'],
  ['src-deliver-imports', 'src/deliver', '../../adapters/index.ts'],
  ['src-commands-imports', 'src/commands', '../watch/poll-once.ts'],
  ['src-commands-imports', 'src/commands', '../config.ts'],
  ['src-metastudio-imports', 'src/metastudio', '../store/redis.ts'],
  ['src-metastudio-imports', 'src/metastudio', 'ioredis'],
  ['src-store-imports', 'src/store', '../queue/queue.ts'],
  ['src-store-imports', 'src/store', 'ky'],
  ['src-queue-imports', 'src/queue', '../store/redis.ts'],
  ['src-queue-imports', 'src/queue', 'ioredis'],
  ['src-admin-imports', 'src/admin', '../store/redis.ts'],
  ['src-admin-imports', 'src/admin', '../config.ts'],
  ['src-admin-imports', 'src/admin', 'ioredis'],
  ['src-http-imports', 'src/http', '../metrics.ts'],
  ['src-http-imports', 'src/http', 'prom-client'],
  ['src-demo-imports', 'src/demo', '../store/redis.ts'],
  ['src-demo-imports', 'src/demo', 'zod'],
  ['adapters-slack-imports', 'adapters/slack', '../teams/adapter.ts'],
  ['adapters-slack-imports', 'adapters/slack', '../../src/ports/inspect.ts'],
  ['adapters-teams-imports', 'adapters/teams', '../../src/ports/store.ts'],
  ['adapters-playground-imports', 'adapters/playground', '../slack/render.ts'],
  ['adapters-playground-imports', 'adapters/playground', '../../src/ports/store.ts'],
  ['src-config-imports', 'src/config.ts', './lifecycle.ts'],
  ['src-config-imports', 'src/config', '../log.ts'],
  ['only-config-imports-its-parts', 'src/watch', '../config/read.ts'],
  ['src-log-imports', 'src/log', '../config.ts'],
  ['only-log-imports-its-parts', 'src/queue', '../log/redact.ts'],
  ['src-log-imports', 'src/log.ts', './config.ts'],
  ['src-metrics-imports', 'src/metrics.ts', './config.ts'],
  ['src-lifecycle-imports', 'src/lifecycle.ts', './config.ts'],
  ['src-system-imports', 'src/system.ts', './config.ts'],
  ['src-open-redis-imports', 'src/open-redis.ts', './queue/queue.ts'],
  ['src-operate-imports', 'src/operate.ts', './queue/queue.ts'],
  ['src-operate-imports', 'src/operate.ts', './http/server.ts'],
  ['src-main-imports', 'src/main.ts', './store/redis.ts'],
  ['only-queue-imports-bullmq', 'src/store', 'bullmq'],
  ['only-queue-imports-bullmq', 'src', 'bullmq'],
  ['only-two-files-import-botbuilder', 'adapters/teams', 'botbuilder'],
  ['only-two-files-import-botbuilder', 'adapters/teams/adapter.ts', 'botbuilder'],
  ['only-main-and-tests-import-app', 'src/watch', '../app.ts'],
  ['only-main-and-tests-import-app', 'src', './app.ts'],
  ['only-main-and-tests-import-app', 'src/admin', '../operate.ts'],
  ['only-the-registry-names-adapters', 'src/app.ts', '../adapters/slack/adapter.ts'],
  ['registry-imports', 'adapters/index.ts', '../src/store/redis.ts'],
  ['registry-takes-types-of-config', 'adapters/slack', '../../src/config.ts'],
  ['registry-loads-adapters-dynamically', 'adapters/index.ts', './teams/adapter.ts'],
  ['render-is-pure', 'adapters/slack/render.ts', 'node:crypto'],
  ['render-is-pure', 'adapters/slack/render.ts', 'zod'],
  ['no-test-in-product', 'src', '../test/flow/app.test.ts'],
  ['no-dev-dependency-in-product', 'src', 'fast-check'],
  ['no-unresolvable', 'src', './nowhere.ts'],
];

/** Rules that let a type pass: what they guard is loading. */
const VALUES_ONLY: ReadonlySet<string> = new Set(['registry-takes-types-of-config', 'registry-loads-adapters-dynamically', 'render-is-pure']);

/** Rules about more than one import, planted below by hand. */
const SHAPES: readonly string[] = ['no-circular', 'no-orphans'];

function source(imports: readonly string[]): string {
  const lines = imports.map((entry, index) => {
    if (entry.startsWith('type ')) return `import type * as t${index} from '${entry.slice(5)}';\nexport type T${index} = typeof t${index};`;
    if (entry.endsWith('()')) return `export const load${index} = () => import('${entry.slice(0, -2)}');`;
    return `import * as v${index} from '${entry}';\nexport const used${index} = v${index};`;
  });
  return `${lines.join('\n')}\nexport const here = true;\n`;
}

let root = '';

function write(file: string, imports: readonly string[]): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), source(imports));
}

/** Plants every forbidden import; answers the file of each plant. A file that is named whole gets the import beside its own ones. */
function plant(kind: 'value' | 'type'): readonly string[] {
  const added = new Map<string, string[]>();
  const files = PLANTS.map(([, place, specifier], index) => {
    const file = place.endsWith('.ts') ? place : `${place}/plant-${index}.ts`;
    const own = added.get(file) ?? [...(CLEAN[file] ?? [])];
    added.set(file, [...own, kind === 'type' ? `type ${specifier}` : specifier]);
    return file;
  });
  for (const [file, imports] of added) write(file, imports);
  return files;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'voicejob-boundaries-'));
  for (const name of ['package.json', 'tsconfig.json', 'node_modules']) symlinkSync(join(REPOSITORY, name), join(root, name));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function layOutCleanTree(): void {
  for (const [file, imports] of Object.entries(CLEAN)) write(file, imports);
}

describe('the import rules', () => {
  test('pass a tree in which everybody imports what they may', async () => {
    layOutCleanTree();
    expect(await findViolations(root)).toEqual({ modules: Object.keys(CLEAN).filter((file) => !file.startsWith('test/')).length, violations: [] });
  });

  test.each(['value', 'type'] as const)('find each forbidden %s import', async (kind) => {
    layOutCleanTree();
    const files = plant(kind);
    const { violations } = await findViolations(root);
    const missed = PLANTS.filter(([rule], index) => {
      const found = violations.some((violation) => violation.rule === rule && violation.from === files[index]);
      return found === (kind === 'type' && VALUES_ONLY.has(rule));
    });
    expect(missed).toEqual([]);
  });

  test('find a cycle, of types too, and a file that stands alone', async () => {
    layOutCleanTree();
    write('src/watch/hen.ts', ['./egg.ts']);
    write('src/watch/egg.ts', ['./hen.ts']);
    write('src/deliver/hen.ts', ['type ./egg.ts']);
    write('src/deliver/egg.ts', ['type ./hen.ts']);
    write('src/commands/alone.ts', []);
    const { violations } = await findViolations(root);
    expect(violations.filter(({ rule }) => rule === 'no-circular').map(({ from }) => from)).toEqual(
      expect.arrayContaining([expect.stringMatching('src/watch/'), expect.stringMatching('src/deliver/')]),
    );
    expect(violations.filter(({ rule }) => rule === 'no-orphans').map(({ from }) => from)).toEqual(['src/commands/alone.ts']);
  });

  test('are all planted here', () => {
    const planted = new Set([...PLANTS.map(([rule]) => rule), ...SHAPES]);
    expect(config.forbidden.map((rule) => rule.name).filter((name) => !planted.has(name ?? ''))).toEqual([]);
  });

  test('leave out no folder and no file directly below src, and no adapter', () => {
    const places = [
      ...readdirSync(join(REPOSITORY, 'src')).map((name) => `src/${name}`),
      ...readdirSync(join(REPOSITORY, 'adapters')).map((name) => `adapters/${name}`),
    ];
    const named = new Set(
      config.forbidden.map((rule) =>
        String(rule.from?.path)
          .replace(/^\^|\/$|\$$/g, '')
          .replace('[.]', '.'),
      ),
    );
    expect(places.filter((place) => place !== 'src/app.ts' && !named.has(place))).toEqual([]);
  });

  test('fail the check when one is broken, and when no module was seen', async () => {
    const lines: string[] = [];
    const check = () => checkBoundaries(root, (text: string) => lines.push(text));
    expect(await check()).toBe(1);
    mkdirSync(join(root, 'src'));
    expect(await check()).toBe(1);
    layOutCleanTree();
    expect(await check()).toBe(0);
    write('src/watch/plant.ts', ['../store/redis.ts']);
    expect(await check()).toBe(1);
    expect(lines.at(-1)).toBe('src-watch-imports: src/watch/plant.ts -> src/store/redis.ts\n');
  });
});
