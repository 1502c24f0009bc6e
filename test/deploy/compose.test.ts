import { Ajv } from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DYNAMIC_CONFIG } from '../../cli/temporal/dynamicConfig.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Service {
  image?: string;
  build?: string;
  restart?: string;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  ports?: string[];
  volumes?: string[];
  stop_grace_period?: string;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const services = Object.entries(compose.services);
const ONE_SHOT = ['temporal-schema', 'custody-setup'];
const longRunning = services.filter(([name]) => !ONE_SHOT.includes(name));

describe('U3: docker-compose.yml', () => {
  test('is valid by the schema of the Compose Specification', () => {
    // dclint ships the specification's schema; its `$schema` is not spelled as draft-07 is.
    const folder = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
    const { $schema: _, ...schema } = JSON.parse(
      readFileSync(join(folder, 'schemas/compose.schema.json'), 'utf8'),
    ) as Record<string, unknown>;
    const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
    expect(validate({ services: { worker: { imagee: 'x' } } })).toBe(false);
  });

  test('has PostgreSQL, Temporal, its UI and a worker', () => {
    expect(longRunning.map(([name]) => name).sort()).toEqual(['postgresql', 'temporal', 'temporal-ui', 'worker']);
  });

  test.each(services)('%s has an image with a pinned version', (_, { image }) => {
    expect(image).toMatch(/^[\w/-]+:(\d+\.\d+(\.\d+)?|\$\{CUSTODY_VERSION:-\d+\.\d+\.\d+\})$/);
  });

  test('the image is built from all folders that the package is made of', () => {
    const { files } = JSON.parse(read('package.json')) as { files: string[] };
    const kept = new Set(read('.dockerignore').split('\n'));
    const folders = files.flatMap((file) => /^dist\/(\w+)$/.exec(file)?.[1] ?? []);
    expect(folders.length).toBeGreaterThan(10);
    expect(folders.filter((folder) => !kept.has(`!${folder}`))).toEqual([]);
  });

  test('the image of the worker has the version of the package', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(compose.services['worker']!.image).toContain(`:-${version}}`);
  });

  test.each(longRunning)('%s runs on, and has a health check', (_, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck?.test?.[0]).toBe('CMD');
  });

  test.each(ONE_SHOT)('%s runs once, and again only when it fails', (name) => {
    expect(compose.services[name]!.restart).toMatch(/^on-failure:\d+$/);
  });

  test.each(services)('%s waits for what it needs, in a way that can come true', (_, { depends_on = {} }) => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      expect(compose.services).toHaveProperty(name);
      expect(condition).toBe(ONE_SHOT.includes(name) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  test.each(services)('%s is reached from this machine only', (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(services)('%s has no secret written down', (_, { environment = {} }) => {
    for (const [name, value] of Object.entries(environment)) {
      if (/PASSWORD|PWD|SECRET|KEY/.test(name)) expect(value).toMatch(/^\$\{\w+:\?.+\}$/);
    }
  });

  test('every file that it mounts or builds from is in the repository', () => {
    const paths = services.flatMap(([, { volumes = [], build }]) => [
      ...volumes.flatMap((volume) => /^(?:\$\{\w+:-)?(\.\/[^:}]+)/.exec(volume)?.[1] ?? []),
      ...(build === undefined ? [] : [join(build, 'Dockerfile')]),
    ]);
    expect(paths.length).toBeGreaterThan(2);
    for (const path of paths) expect(existsSync(join(ROOT, path)), path).toBe(true);
    expect(existsSync(join(ROOT, 'examples/custody.yaml'))).toBe(true);
  });

  test.each([
    ['postgresql', { POSTGRES_USER: 'temporal' }],
    ['temporal-schema', { SQL_PLUGIN: 'postgres12', SQL_HOST: 'postgresql', SQL_PORT: '5432', SQL_USER: 'temporal' }],
    [
      'temporal',
      {
        DB: 'postgres12',
        POSTGRES_SEEDS: 'postgresql',
        DB_PORT: '5432',
        POSTGRES_USER: 'temporal',
        DBNAME: 'temporal',
        VISIBILITY_DBNAME: 'temporal_visibility',
        BIND_ON_IP: '0.0.0.0',
        TEMPORAL_ALLOW_NO_AUTH: 'true',
      },
    ],
    ['custody-setup', { TEMPORAL_ADDRESS: 'temporal:7233' }],
    ['worker', { TEMPORAL_ADDRESS: 'temporal:7233' }],
    [
      'temporal-ui',
      {
        TEMPORAL_ADDRESS: 'temporal:7233',
        TEMPORAL_CORS_ORIGINS: expect.stringContaining('http://127.0.0.1:8233') as string,
      },
    ],
  ])('%s is told what it must know', (name, expected) => {
    expect(compose.services[name]!.environment).toMatchObject(expected);
  });

  test('both databases are PostgreSQL, and each gets its schema', () => {
    const script = read('docker-compose.yml');
    expect(script).toContain('set_up temporal temporal');
    expect(script).toContain('set_up temporal_visibility visibility');
  });

  test('the server reads the settings that the dev server gets too', () => {
    const [source, target] = compose.services['temporal']!.volumes![0]!.split(':') as [string, string];
    expect(compose.services['temporal']!.environment!['DYNAMIC_CONFIG_FILE_PATH']).toBe(target);
    const settings = parse(read(source)) as Record<string, { value: unknown }[]>;
    const values = Object.fromEntries(Object.entries(settings).map(([key, [entry]]) => [key, entry!.value]));
    expect(values).toEqual(DYNAMIC_CONFIG);
  });

  test('workers share one payload store, kept in a volume, where the image looks for it', () => {
    const [volume] = (compose.services['worker']!.volumes ?? []).filter((each) =>
      each.endsWith(':/var/lib/custody-payloads'),
    );
    expect(volume).toBe('${CUSTODY_STORE_DIR:-payloads}:/var/lib/custody-payloads');
    expect(read('Dockerfile')).toContain('CUSTODY_STORE=/var/lib/custody-payloads');
    expect(parse(read('docker-compose.yml'))).toHaveProperty('volumes.payloads');
  });

  test('the worker may be scaled: it has neither a name nor a port of its own', () => {
    expect(compose.services['worker']).not.toHaveProperty('container_name');
    expect(compose.services['worker']).not.toHaveProperty('ports');
  });
});

describe('U3: the Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const last = (name: string): string =>
    instructions.findLast((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';

  test('builds on glibc, in stages from a pinned image', () => {
    const stages = instructions.filter((line) => line.startsWith('FROM '));
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage).toMatch(/^FROM node:\d+-bookworm-slim( AS \w+)?$/);
  });

  test('runs as a user without rights, and stops by SIGTERM', () => {
    expect(last('USER')).toBe('node');
    expect(last('STOPSIGNAL')).toBe('SIGTERM');
  });

  test('starts a worker that can be asked whether it is ready', () => {
    const command = [...(JSON.parse(last('ENTRYPOINT')) as string[]), ...(JSON.parse(last('CMD')) as string[])];
    expect(command).toEqual([
      'node',
      'dist/cli/custody.js',
      'worker',
      '--config',
      '/etc/custody/custody.yaml',
      '--health-port',
      '8080',
      '--health-host',
      '0.0.0.0',
    ]);
    expect(last('HEALTHCHECK')).toContain('http://127.0.0.1:8080/readyz');
  });

  test('what it copies from the build context is not shut out of it', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    for (const path of copied) expect(['.', ...allowed]).toContain(path);
    for (const path of allowed.filter((name) => name.includes('.')))
      expect(existsSync(join(ROOT, path)), path).toBe(true);
  });
});
