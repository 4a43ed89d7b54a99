/**
 * Who may import whom: DESIGN's "Layout", as rules. Type-only imports count too (tsPreCompilationDeps). test/setup/boundaries.test.ts plants
 * a violation of each rule. That domain takes only createHash of node:crypto is Biome's to check (biome.json).
 */
import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';

const BUILT_IN = '^node:|^[a-z_/0-9]+$';
/** What the web server's routes and handlers are typed with. */
const HTTP_TYPES = '^(node:)?http$';
const sdk = (...packages: string[]): string[] => packages.map((name) => `(^|/)node_modules/${name}/`);

/** A folder may import itself, and what is listed; everything else is forbidden. */
const only = (folder: string, allowed: string[], why: string): IForbiddenRuleType => ({
  name: `${folder.replace(/\//g, '-')}-imports`,
  severity: 'error',
  comment: why,
  from: { path: `^${folder}/` },
  to: { pathNot: [`^${folder}/`, ...allowed] },
});

const CORE = ['^src/domain/', '^src/ports/'];
/** The ports an adapter has to do with; the local page may also look at what is watched. */
const ADAPTER_PORTS = '^src/ports/(chat-adapter|inbound|routes|clock|log)[.]ts$';

const adapter = (name: string, allowed: string[]): IForbiddenRuleType =>
  only(
    `adapters/${name}`,
    ['^src/domain/', ADAPTER_PORTS, BUILT_IN, ...allowed],
    'An adapter imports its port, domain and its own SDK, never another adapter.',
  );

const rootFile = (name: string, allowed: string[], why: string): IForbiddenRuleType => ({
  name: `src-${name}-imports`,
  severity: 'error',
  comment: why,
  from: { path: `^src/${name}[.]ts$` },
  to: { pathNot: [...CORE, BUILT_IN, ...allowed] },
});

/** src/<name>/ is what src/<name>.ts is made of, and nobody else's. */
const partsOf = (name: string): IForbiddenRuleType => ({
  name: `only-${name}-imports-its-parts`,
  severity: 'error',
  comment: `src/${name}.ts is the door.`,
  from: { path: '^(src|adapters)/', pathNot: `^src/${name}([.]ts$|/)` },
  to: { path: `^src/${name}/` },
});

export default {
  forbidden: [
    only('src/domain', ['^(node:)?crypto$'], 'domain is pure: itself, and createHash of node:crypto.'),
    only('src/ports', ['^src/domain/', HTTP_TYPES], 'ports are types over domain.'),
    ...['watch', 'deliver', 'commands'].map((name) =>
      only(`src/${name}`, [...CORE, BUILT_IN], 'The inner folders import domain and ports, never each other or an SDK.'),
    ),
    only('src/metastudio', [...CORE, BUILT_IN, ...sdk('ky', 'zod')], 'The upstream client imports its own SDK only.'),
    only('src/store', [...CORE, BUILT_IN, ...sdk('ioredis')], 'The store imports its own SDK only.'),
    only('src/queue', [...CORE, BUILT_IN, ...sdk('bullmq')], 'The queue imports its own SDK only.'),
    only('src/admin', [...CORE, BUILT_IN], 'The operator’s commands import domain and ports, and are handed the rest.'),
    only('src/http', [...CORE, BUILT_IN], 'The web server needs no SDK.'),
    only('src/demo', [...CORE, BUILT_IN], 'The simulator is an outside server: no SDK, never the store.'),
    adapter('slack', sdk('@slack/[^/]+')),
    adapter('teams', sdk('botbuilder[^/]*', 'botframework-[^/]+')),
    adapter('playground', ['^src/ports/inspect[.]ts$']),
    rootFile('config', ['^src/config/', ...sdk('zod')], 'config reads the environment and nothing else.'),
    only('src/config', sdk('zod'), 'The parts of config know nobody.'),
    only('src/log', [], 'The parts of log know nobody.'),
    partsOf('config'),
    partsOf('log'),
    rootFile('log', ['^src/log/', ...sdk('pino')], 'log is handed in, so it may know nobody.'),
    rootFile('metrics', sdk('prom-client'), 'metrics are handed in, so they may know nobody.'),
    rootFile('lifecycle', [], 'lifecycle is handed in, so it may know nobody.'),
    rootFile('system', [], 'The machine’s time and chance are handed in.'),
    rootFile('open-redis', ['^src/store/', '^src/(config|lifecycle|system)[.]ts$', ...sdk('ioredis')], 'open-redis opens the store and nothing else.'),
    rootFile(
      'operate',
      ['^src/(config|lifecycle|open-redis|system)[.]ts$', '^src/(admin|metastudio|store)/', '^adapters/index[.]ts$'],
      'operate builds what the operator’s commands need: never a queue, a server or a drain.',
    ),
    rootFile(
      'main',
      ['^src/(app|config|lifecycle|log|metrics|open-redis|operate|system)[.]ts$', '^src/demo/'],
      'main starts the app, the simulator or an operator’s command; only app.ts knows everybody.',
    ),
    {
      name: 'only-queue-imports-bullmq',
      severity: 'error',
      comment: 'No promise rests on BullMQ, and nothing but queue may come to lean on it.',
      from: { path: '^(src|adapters)/', pathNot: '^src/queue/' },
      to: { path: sdk('bullmq') },
    },
    {
      name: 'only-two-files-import-botbuilder',
      severity: 'error',
      comment: 'botbuilder is archived upstream: checking what arrives and managed identities are all it is for, so that leaving it costs two files.',
      from: { path: '^(src|adapters)/', pathNot: '^adapters/teams/(verify|token)[.]ts$' },
      to: { path: sdk('botbuilder[^/]*', 'botframework-[^/]+') },
    },
    {
      name: 'only-main-and-tests-import-app',
      severity: 'error',
      comment: 'The composition root is nobody’s library.',
      from: { pathNot: ['^src/main[.]ts$', '^test/'] },
      to: { path: '^src/(app|operate)[.]ts$' },
    },
    {
      name: 'only-the-registry-names-adapters',
      severity: 'error',
      comment: 'adapters/index.ts is the only file that names every adapter.',
      from: { path: '^src/' },
      to: { path: '^adapters/[^/]+/' },
    },
    {
      name: 'registry-imports',
      severity: 'error',
      comment: 'The registry knows the adapters, their port and what is configured.',
      from: { path: '^adapters/index[.]ts$' },
      to: { pathNot: ['^src/(domain|ports)/', '^adapters/', '^src/config[.]ts$', BUILT_IN] },
    },
    {
      name: 'registry-takes-types-of-config',
      severity: 'error',
      comment: 'Configuration is handed in.',
      from: { path: '^adapters/' },
      to: { path: '^src/config[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'registry-loads-adapters-dynamically',
      severity: 'error',
      comment: 'An adapter that is not configured is not loaded, nor is its SDK.',
      from: { path: '^adapters/index[.]ts$' },
      to: { path: '^adapters/[^/]+/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'render-is-pure',
      severity: 'error',
      comment: 'render draws a card: no values of an SDK or of node, so that the local page can show what any platform would be sent.',
      from: { path: '^adapters/[^/]+/render[.]ts$' },
      to: { path: ['(^|/)node_modules/', BUILT_IN], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-test-in-product',
      severity: 'error',
      comment: 'What runs never needs what tests it.',
      from: { path: '^(src|adapters)/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      comment: 'A production install lacks it.',
      from: { path: '^(src|adapters)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-unresolvable', severity: 'error', comment: 'It would fail at run time.', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files that need each other are one. Contracts, all types, may name each other.',
      from: { pathNot: '^src/ports/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nobody imports and that imports nobody is dead.',
      from: { orphan: true, path: '^(src|adapters)/', pathNot: ['^src/main[.]ts$', '^adapters/index[.]ts$'] },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)test/.*/fixtures/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'types', 'default'] },
  },
} satisfies IConfiguration;
