/** Preloaded (`node --import`) into a program that shall find no development dependency, as in the production image. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const names = Object.keys(devDependencies);

registerHooks({
  resolve: (specifier, context, next) => {
    if (names.every((name) => specifier !== name && !specifier.startsWith(`${name}/`))) return next(specifier, context);
    throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: 'ERR_MODULE_NOT_FOUND' });
  },
});
