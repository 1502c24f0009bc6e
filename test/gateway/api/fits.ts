import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Operation {
  readonly responses: { readonly [status: string]: { readonly content?: Record<string, unknown> } };
}
const DOCUMENT = JSON.parse(readFileSync('gateway/api/openapi.v1.json', 'utf8')) as {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
};
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'api', ...DOCUMENT });
const validators = new Map<string, ValidateFunction>();

/** What is wrong with an answer, by the OpenAPI document. */
export function misfitsOf(method: string, path: string, status: number, answer: unknown): readonly string[] {
  const [bare = ''] = path.split('?');
  const template = Object.keys(DOCUMENT.paths)
    .filter((each) => new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare))
    .toSorted((a, b) => (a.match(/\{/g) ?? []).length - (b.match(/\{/g) ?? []).length)[0];
  const operation = template === undefined ? undefined : DOCUMENT.paths[template]?.[method.toLowerCase()];
  if (template === undefined || !operation) return [`${method} ${bare} is not in the document`];
  const said = String(status) in operation.responses ? String(status) : 'default';
  if (said === 'default' && status < 400) return [`${method} ${template} never answers with ${status}`];
  const steps = ['paths', template, method.toLowerCase(), 'responses', said, 'content', 'application/json', 'schema'];
  const at = `api#/${steps.map((step) => encodeURIComponent(step.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`;
  const fits = validators.get(at) ?? ajv.compile({ $ref: at });
  validators.set(at, fits);
  if (fits(answer)) return [];
  return (fits.errors ?? []).map(
    ({ instancePath, message }) => `${method} ${template} ${said}: ${instancePath} ${message}`,
  );
}
