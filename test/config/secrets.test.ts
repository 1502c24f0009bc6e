import { describe, expect, onTestFinished, test } from 'vitest';
import { resolveValue } from '../../config/secrets.ts';
import { OperatorFolder } from './operatorFolder.ts';

const folder = new OperatorFolder();

describe('E1: values by reference', () => {
  test('are read when they are used', async () => {
    await folder.write('token', 'abc\r\n');
    expect(await resolveValue({ fromFile: './token' }, folder.dir)).toBe('abc');
    await folder.write('token', 'def');
    expect(await resolveValue({ fromFile: './token' }, folder.dir)).toBe('def');
    expect(await resolveValue('as it is', folder.dir)).toBe('as it is');
    process.env['CUSTODY_TEST_VALUE'] = 'xyz';
    onTestFinished(() => void delete process.env['CUSTODY_TEST_VALUE']);
    expect(await resolveValue({ fromEnv: 'CUSTODY_TEST_VALUE' }, folder.dir)).toBe('xyz');
  });

  test('that are missing or empty are refused by their name', async () => {
    await folder.write('empty', '\n');
    await folder.write('huge', 's'.repeat(70_000));
    const message = async (value: Parameters<typeof resolveValue>[0]) => {
      const error = await resolveValue(value, folder.dir).then(
        () => expect.fail(),
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ name: 'CustodyError', code: 'SECRET_MISSING' });
      return (error as Error).message;
    };
    expect(await message({ fromEnv: 'CUSTODY_TEST_NOT_SET' })).toContain('"CUSTODY_TEST_NOT_SET" is not set');
    expect(await message({ fromFile: './none' })).toContain('"./none" (fromFile in custody.yaml) does not exist');
    expect(await message({ fromFile: './empty' })).toContain('is empty');
    expect(await message({ fromFile: './huge' })).not.toContain('ss');
    expect(await message({ fromFile: '.' })).toContain('is a folder');
  });
});
