import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/cli/config.ts';
import { environmentNames } from '../deploy/environment-names.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const needed = { META_VERIFY_TOKEN: 'fake-verify', META_APP_SECRETS: 'instagram:fake-ig' };

function problemsOf(environment: Record<string, string>): readonly string[] {
	try {
		readConfig(environment);
		return [];
	} catch (error) {
		if (error instanceof ConfigError) return error.problems;
		throw error;
	}
}

describe('readConfig', () => {
	test('says what to set when nothing is set', () => {
		expect(problemsOf({})).toEqual([
			expect.stringMatching(/^META_VERIFY_TOKEN: is not set; choose any word/),
			expect.stringMatching(/^META_APP_SECRETS: is not set; set it to instagram:/),
		]);
	});

	test.each([
		['RELAY_PORT', 'http', 'must be a number'],
		['RELAY_PORT', '70000', 'must be at most 65535'],
		['RELAY_PUBLIC_URL', 'relay.example.com', 'must be a URL such as https://'],
		['RELAY_PUBLIC_URL', 'javascript:alert(1)', 'must be a URL such as https://'],
		['RELAY_ACCEPT_SHA1', 'yes', 'must be true or false'],
		['RELAY_LOG_LEVEL', 'loud', 'must be "trace", "debug"'],
		['RELAY_MAX_AGE', '3', 'must be a duration such as'],
		['RELAY_MAX_AGE', '0s', 'at least 1m'],
		['RELAY_STORE', 'mysql://relay', 'must be sqlite:<path of a file> or postgres://'],
		['RELAY_BASE_PATH', 'relay', 'must be a path such as /relay'],
		['RELAY_BASE_PATH', '//relay', 'must be a path such as /relay'],
		['RELAY_BASE_PATH', '/relay%20x', 'must be a path such as /relay'],
		['RELAY_BASE_PATH', '/a/../b', 'must be a path such as /relay'],
		['RELAY_ADMIN_TOKEN', 'two words', 'without spaces'],
		['RELAY_ADMIN_TOKEN', 'señor-secreto-123', 'ASCII'],
		['RELAY_ADMIN_TOKEN', '"fake-token"', 'is wrapped in quotation marks; remove them'],
		['RELAY_PORT', "'8787'", 'is wrapped in quotation marks; remove them'],
		['META_VERIFY_TOKEN', '"fake-verify"', 'is wrapped in quotation marks; remove them'],
		['RELAY_RETENTION_DAYS', '0', 'must be more than 0'],
		['META_APP_SECRETS', 'fake-ig', 'must be name:secret pairs'],
		['META_APP_SECRETS', 'instagram:"fake-ig"', 'without spaces or quotation marks'],
		['META_APP_SECRETS', 'instagram:fake-ig;facebook:fake-fb', 'separated by commas'],
		['META_APP_SECRETS', 'instagram:fake-ig\nfacebook:fake-fb', 'separated by commas'],
		['META_APP_ID', 'my-app', 'must be the app ID, a number in the App Dashboard'],
	])('says in plain words what is wrong with %s=%s', (name, value, fault) => {
		const problems = problemsOf({ ...needed, [name]: value });
		expect(problems).toHaveLength(1);
		expect(problems[0]).toMatch(new RegExp(`^${name}: `));
		expect(problems[0]).toContain(fault);
	});

	test("never repeats the parser's words or the value", () => {
		const names = [...environmentNames()].filter((name) => !name.endsWith('_FILE'));
		fc.assert(
			fc.property(fc.constantFrom(...names), fc.string({ minLength: 6 }), (name, value) => {
				for (const problem of problemsOf({ ...needed, RELAY_TRACES: 'otlp', [name]: value })) {
					expect(problem).not.toMatch(/Invalid|expected|received|NaN|Too /);
					expect(problem).not.toContain(value);
				}
			}),
		);
	});

	test('treats a blank setting as not set, and trims the others', () => {
		const spaces = { RELAY_PORT: ' ', RELAY_SILENCE_HOURS: '\t', RELAY_ADMIN_TOKEN: ' ', META_VERIFY_TOKEN: ' word\n' };
		const given = readConfig({ ...needed, ...spaces });
		expect(given).toMatchObject({ port: 8787, silenceMs: 24 * 3_600_000, verifyToken: 'word' });
		expect(given.adminToken).toBeUndefined();
	});

	test('names a file that holds no value', () => {
		const path = join(temporaryFolder(), 'token');
		writeFileSync(path, '\n');
		expect(problemsOf({ ...needed, RELAY_ADMIN_TOKEN_FILE: path })).toEqual(
			expect.arrayContaining([`RELAY_ADMIN_TOKEN_FILE: ${path} is empty; write the value into it`]),
		);
	});

	test.each([
		['/relay', '/relay'],
		['/relay/', '/relay'],
		['/a/b', '/a/b'],
		['/', ''],
		['', ''],
	])('takes the base path %j as %j', (given, basePath) => {
		expect(readConfig({ ...needed, RELAY_BASE_PATH: given })).toMatchObject({ basePath });
	});

	test('accepts several secrets of one name during a rotation', () => {
		const { appSecrets } = readConfig({ ...needed, META_APP_SECRETS: 'instagram:new,instagram:old,facebook:fb' });
		expect(appSecrets).toEqual([
			{ name: 'instagram', secret: 'new' },
			{ name: 'instagram', secret: 'old' },
			{ name: 'facebook', secret: 'fb' },
		]);
	});
});
