import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WEBHOOK_FIELDS } from '@instagram-insights/core/webhook';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeEntry } from '../../src/admin/kept-subscribers.ts';
import { parseDuration } from '../../src/admin/subscriber.ts';
import { readSubscribers, readSubscribersFile } from '../../src/cli/subscribers-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const n8n = { id: 'n8n', url: 'http://n8n:5678/webhook/x' };
const read = (subscribers: readonly object[], environment = {}) =>
	readSubscribers(JSON.stringify({ subscribers }), environment);
const problemsOf = (...subscribers: readonly object[]) => read(subscribers).problems;

describe('readSubscribers', () => {
	test.each([
		['', 'line 1, column 1', 'the file is empty'],
		['{\n  "subscribers": [\n    { "id": "a" },\n  ]\n}', 'line 4, column 3', 'an extra comma'],
		['{\n  "subscribers": [\n    { "id": "a" "url": "x" }\n  ]\n}', 'line 3, column 17', 'a comma is missing'],
		['{ "subscribers": [', 'line 1, column', 'closing ]'],
		["{ 'subscribers': [] }", 'line 1, column 3', 'not JSON'],
		['{ "subscribers": [] } }', 'line 1, column 23', 'the file must end here'],
		['{\n  // n8n\n  "subscribers": [] }', 'line 2, column 3', 'does not allow comments'],
		[`{ "subscribers": [ { "id": "${SECRET}\n" } ] }`, 'line 1, column', 'a string is not closed'],
	])('names line, column and fault of what is not JSON: %j', (text, place, fault) => {
		const { ok, problems } = readSubscribers(text, {});
		expect(ok).toBe(false);
		expect(problems[0]).toContain(place);
		expect(problems[0]).toContain(fault);
		expect(problems.join()).not.toContain(SECRET);
	});

	test('accepts a file that begins with a byte order mark', () => {
		expect(readSubscribers(`\uFEFF${JSON.stringify({ subscribers: [n8n] })}`, {})).toMatchObject({ ok: true });
	});

	test('names the line and the subscriber of a wrong setting', () => {
		const text = '{\n  "subscribers": [\n    { "id": "n8n",\n      "url": "n8n:5678" }\n  ]\n}';
		expect(readSubscribers(text, {}).problems).toEqual([
			'line 4, column 14: subscriber "n8n", url must begin with http:// or https://',
		]);
	});

	test.each([
		['http://n8n:5678/webhook/x\n', 'contains a space or line break'],
		['http://n8n:5678/web hook', 'contains a space or line break'],
		['http://n8n:99999/', 'must be a URL'],
		['http://n8n:0/', 'uses port 0'],
		['http://', 'must be a URL'],
		['//n8n/webhook', 'must be a URL'],
		['ftp://n8n/', 'must begin with http'],
		['http://user:pass@n8n/', 'must not contain a user name'],
		['http://n8n/#x', 'after #'],
		['http://n8n..example/', 'an empty part between dots'],
		[`http://${'n'.repeat(64)}.example/`, 'too long'],
		['', 'must be a URL'],
	])('refuses a URL that nothing can be sent to: %j', (url, fault) => {
		const [problem, ...others] = problemsOf({ ...n8n, url });
		expect(problem).toContain('subscriber "n8n", url');
		expect(problem).toContain(fault);
		expect(others).toEqual([]);
		expect(problemsOf({ ...n8n, testUrl: url }).join()).toContain(fault);
	});

	test.each([
		[`"${SECRET}"`, 'wrapped in quotation marks'],
		[`'${SECRET}'`, 'wrapped in quotation marks'],
		[`${SECRET}\n`, 'a line break'],
		[`${SECRET}\r`, 'a line break'],
		[` ${SECRET}`, 'starts or ends with a space'],
		['whsec_short', 'must be whsec_'],
		['your-secret-here', 'must be whsec_'],
	])('refuses a secret that signs nothing a receiver accepts: %j', (secret, fault) => {
		for (const given of [secret, [SECRET, secret]]) {
			const [problem = ''] = problemsOf({ ...n8n, secret: given });
			expect(problem).toContain('subscriber "n8n", secret');
			expect(problem).toContain(fault);
			expect(problem).not.toContain(secret.trim());
		}
	});

	test.each([
		[' ', 'is empty'],
		['a\nb', 'a line break'],
		['a\rb', 'a line break'],
		['a\0b', 'a character that a header cannot carry'],
		['❤', 'a character that a header cannot carry'],
	])('refuses a header value that HTTP cannot carry: %j', (value, fault) => {
		const [problem = ''] = problemsOf({ ...n8n, headers: { 'X-Key': value } });
		expect(problem).toContain('subscriber "n8n", headers.X-Key');
		expect(problem).toContain(fault);
	});

	test('accepts no header that a request cannot carry', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
				const { subscribers } = read([{ ...n8n, headers: { 'x-key': value } }]);
				for (const { headers } of subscribers) expect(() => new Headers(headers)).not.toThrow();
			}),
		);
	});

	test.each(['Content-Length', 'transfer-encoding', 'Connection', 'host', 'Expect'])(
		'refuses the header %s, which the connection sets itself',
		(name) => {
			expect(problemsOf({ ...n8n, headers: { [name]: 'x' } }).join()).toContain('set by the connection itself');
		},
	);

	test.each([{ 'a b': 'x' }, { 'a:': 'x' }, { '': 'x' }, { 'X-Key': 'a', 'x-key': 'b' }])(
		'refuses header names that are none, or the same twice: %j',
		(headers) => {
			expect(problemsOf({ ...n8n, headers })).toHaveLength(1);
		},
	);

	test('names the variable or file that a secret should come from', () => {
		const folder = temporaryFolder();
		const missing = join(folder, 'missing');
		const [first, second] = problemsOf(
			{ ...n8n, secret: { env: 'N8N_SECRET' } },
			{ ...n8n, id: 'b', secret: { file: missing } },
		);
		expect(first).toContain('the environment variable N8N_SECRET is not set');
		expect(second).toContain(`${missing} does not exist`);
	});

	test('keeps the rule of an entry whose secret cannot be read, so its deliveries are collected', () => {
		const broken = { ...n8n, secret: { env: 'N8N_SECRET' }, match: { fields: ['comments'] }, order: 'account' };
		const { subscribers, waiting } = read([broken, { ...n8n, id: 'b' }]);
		expect(subscribers.map(({ id }) => id)).toEqual(['b']);
		expect(waiting).toMatchObject([{ id: 'n8n', fields: ['comments'], objects: ['instagram'], order: 'account' }]);
	});

	test('names a member that is written more than once, wherever it is', () => {
		const { problems } = readSubscribers(
			'{"subscribers":[{"id":"a","url":"http://x","url":"http://y"}],\n"subscribers":[]}',
			{},
		);
		expect(problems).toEqual([
			'line 1, column 44: "url" is written more than once; keep one',
			'line 2, column 1: "subscribers" is written more than once; keep one',
		]);
	});

	test('reports a repeated id once, and keeps the first entry', () => {
		const { problems, subscribers } = read([n8n, n8n]);
		expect(problems).toHaveLength(1);
		expect(problems[0]).toContain('subscriber "n8n", id is used more than once');
		expect(subscribers).toHaveLength(1);
	});

	test('matches the object instagram by default', () => {
		expect(read([n8n]).subscribers[0]?.objects).toEqual(['instagram']);
		expect(read([{ ...n8n, match: { objects: ['page'] } }]).subscribers[0]?.objects).toEqual(['page']);
	});

	test.each([
		[{ ...n8n, urll: 'x' }, '"urll" is not a known setting'],
		[{ id: 'n8n' }, 'url is missing'],
		[{ ...n8n, id: 5 }, 'id must be a string in double quotes'],
		[{ ...n8n, concurrency: '4' }, 'concurrency must be a number'],
		[{ ...n8n, concurrency: 0 }, 'concurrency must be at least 1'],
		[{ ...n8n, concurrency: 1.5 }, 'concurrency must be a whole number'],
		[{ ...n8n, timeoutMs: 1e6 }, 'timeoutMs must be at most 120000'],
		[{ ...n8n, ratePerSecond: 0 }, 'ratePerSecond must be more than 0'],
		[{ ...n8n, mode: 'events' }, 'mode must be "event" or "passthrough"'],
		[{ ...n8n, match: { fields: [] } }, 'match.fields must not be empty'],
		[{ ...n8n, match: { fields: 'comments' } }, 'match.fields must be a list in [ ]'],
		[{ ...n8n, retry: { delays: ['soon'] } }, 'retry.delays.0 must be a duration such as'],
		[{ ...n8n, retry: { delays: ['99999999999999d'] } }, 'at most 365d'],
		[{ ...n8n, secret: 5 }, 'secret must be a string, {'],
		[{ ...n8n, headers: { a: 5 } }, 'headers.a must be a string, {'],
		[n8n.url, 'must be an object in { }'],
	])('says in plain words what is wrong with %j', (entry, fault) => {
		const problems = read([entry as object]).problems;
		expect(problems).toHaveLength(1);
		expect(problems[0]).toContain(fault);
		expect(problems[0]).not.toMatch(/Invalid|expected|received|Unrecognized|Too /);
	});

	test.each(['null', '[]', '{}', '"x"', '{"subscribers":{}}', '{"subscribers":[],"more":1}'])(
		'says in plain words what is wrong with the file %s',
		(text) => {
			const { ok, problems } = readSubscribers(text, {});
			expect(ok).toBe(false);
			expect(problems).toHaveLength(1);
			expect(problems[0]).toMatch(/^line 1, column \d+: /);
			expect(problems[0]).not.toMatch(/Invalid|expected|received|Unrecognized/);
		},
	);

	test.each([
		[{ accounts: ['@shop'] }, 'match.accounts.0', 'digits only'],
		[{ accounts: ['17841405309211844', 'shop'] }, 'match.accounts.1', 'digits only'],
		[{ accounts: ['17841405309211844 '] }, 'match.accounts.0', 'digits only'],
		[{ accounts: ['17841405309211844\n'] }, 'match.accounts.0', 'digits only'],
		[{ fields: ['comment'] }, 'match.fields.0', 'Did you mean "comments"?'],
		[{ fields: ['messages', 'Live Comments'] }, 'match.fields.1', 'Did you mean "live_comments"?'],
		[{ fields: ['mesages'] }, 'match.fields.0', 'Did you mean "messages"?'],
		[{ objects: ['Instagram'] }, 'match.objects.0', 'Did you mean "instagram"?'],
		[{ objects: ['pages'], fields: ['feed'] }, 'match.objects.0', 'Did you mean "page"?'],
	])('refuses a filter that can match no event: %j', (match, place, wayOut) => {
		const [problem, ...others] = problemsOf({ ...n8n, match });
		expect(problem).toContain(`subscriber "n8n", ${place}`);
		expect(problem).toContain(wayOut);
		expect(others).toEqual([]);
		expect(judgeEntry({ ...n8n, match })).toMatchObject({ problems: [expect.stringContaining(wayOut)] });
	});

	test.each([
		{ fields: Object.keys(WEBHOOK_FIELDS), accounts: ['17841405309211844', '0'] },
		{ fields: ['unreadable', 'unknown'] },
		{ fields: ['a_field_of_next_year', 'messaging_optouts'], objects: ['instagram'] },
		// Fields of a Page are not in the list, and some differ from one of Instagram by a letter.
		{ objects: ['page'], fields: ['feed', 'messaging_referrals'] },
		{ objects: ['catalog'] },
	])('accepts names of Meta, also those it may add: %j', (match) => {
		expect(problemsOf({ ...n8n, match })).toEqual([]);
	});

	test('reads any text without throwing', () => {
		fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readSubscribers(text, {})));
	});
});

describe('readSubscribersFile', () => {
	test('says what to do about a missing file, a folder, what is not a regular file, and another encoding', () => {
		const folder = temporaryFolder();
		const path = join(folder, 'subscribers.json');
		expect(readSubscribersFile(path, {}).problems).toEqual([`${path} does not exist; create it, or correct the path`]);
		expect(readSubscribersFile('', {}).problems).toEqual(['is not set; set it to the path of the subscribers file']);
		execFileSync('mkfifo', [join(folder, 'pipe')]);
		for (const special of [join(folder, 'pipe'), '/dev/zero']) {
			const problem = `${special} is a named pipe, socket or device; name a regular file`;
			expect(readSubscribersFile(special, {}).problems).toEqual([problem]);
			expect(problemsOf({ ...n8n, secret: { file: special } })[0]).toContain(problem);
		}
		expect(readSubscribersFile(folder, {}).problems).toEqual([`${folder} is a folder; name the file in it`]);
		writeFileSync(path, Buffer.from('{"subscribers":[]}', 'utf16le').fill(0xff, 0, 1));
		expect(readSubscribersFile(path, {}).problems).toEqual([`${path} is not UTF-8; save it as UTF-8`]);
	});
});

describe('parseDuration', () => {
	test.each([
		['500ms', 500],
		['30s', 30_000],
		['5m', 300_000],
		['2h', 7_200_000],
		['1.5d', 129_600_000],
	])('reads %s', (text, ms) => {
		expect(parseDuration(text)).toBe(ms);
	});

	test.each(['', '5', 's', '-5s', '5 s', '5w', '1e3s'])('does not read %j', (text) => {
		expect(parseDuration(text)).toBeNull();
	});
});
