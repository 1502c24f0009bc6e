/**
 * `node --import withoutNative.mjs`: a machine on which the optional packages are not installed. Loading one fails, by
 * import and by require.
 */
import Module, { register } from 'node:module';

const MISSING = '^@temporalio/(worker|core-bridge|testing)(/|$)';

register(
  `data:text/javascript,${encodeURIComponent(`
  export async function resolve(specifier, context, next) {
    if (new RegExp(${JSON.stringify(MISSING)}).test(specifier))
      throw Object.assign(new Error('Cannot find package ' + specifier), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(specifier, context);
  }`)}`,
);

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (new RegExp(MISSING).test(request))
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
  return resolveFilename.call(this, request, ...rest);
};
