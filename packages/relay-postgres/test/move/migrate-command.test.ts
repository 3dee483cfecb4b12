import { join } from 'node:path';
import { createProgram } from '@instagram-insights/webhook-relay/cli/cli';
import { temporaryFolder } from '@instagram-insights/webhook-relay/test/temporary-folder';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { fillSample } from './sample-source.ts';

let server: PostgresServer;
let to: string;
beforeAll(async () => {
	server = await startPostgres();
});
afterAll(() => server.remove());
beforeEach(async () => {
	to = await server.createDatabase();
});

/** Run `migrate` in this process, without any of the relay's other settings. */
async function migrate(args: readonly string[], environment: Record<string, string> = {}) {
	const said: string[] = [];
	let failed = false;
	const fail = () => {
		failed = true;
	};
	const program = createProgram(environment, { say: (line) => void said.push(line), data: process.stdout, fail });
	await program.parseAsync(['migrate', ...args], { from: 'user' });
	return { said, failed };
}

describe('migrate', () => {
	test('tells how far it is, then what it compared', async () => {
		const path = await fillSample();
		const { said, failed } = await migrate(['--from', `sqlite:${path}`, '--to', to]);
		expect(failed).toBe(false);
		expect(said).toContain('reading event: 7 rows');
		expect(said).toContain('moving event: 7 of 7 rows');
		expect(said).toContain('comparing event: 7 rows');
		expect(said.find((line) => line.startsWith('table'))).toBe('table             source  target  content     hash');
		expect(said.find((line) => line.startsWith('event '))).toMatch(/^event +7 +7 {2}✓ the same {2}[0-9a-f]{12}$/);
		expect(said.at(-1)).toMatch(/^Moved\. Set RELAY_STORE/);
	});

	test('says on a second run that it had been done', async () => {
		const path = await fillSample();
		await migrate(['--from', `sqlite:${path}`, '--to', to]);
		const { said, failed } = await migrate(['--from', `sqlite:${path}`, '--to', to]);
		expect(failed).toBe(false);
		expect(said.at(-1)).toMatch(/^Moved and compared at 20.*Z: nothing was changed\.$/);
	});

	test('fails, and names the table, when the target holds something else', async () => {
		const path = await fillSample();
		const from = ['--from', `sqlite:${path}`, '--to', to];
		const database = new URL(to).pathname.slice(1);
		await migrate(from);
		await server.query('UPDATE relay.move SET finished_at = NULL; DELETE FROM relay.attempt', database);
		const { said, failed } = await migrate(from);
		expect(failed).toBe(true);
		expect(said.find((line) => line.startsWith('attempt '))).toMatch(
			/^attempt +6 +0 {2}✗ DIFFERENT {2}\w+ here, 0+ there$/,
		);
		expect(said.at(-1)).toContain('migrate --restart');
		expect((await migrate([...from, '--restart'])).failed).toBe(false);
	});

	test('takes RELAY_STORE for the side that is left out', async () => {
		const path = await fillSample();
		expect((await migrate(['--from', `sqlite:${path}`], { RELAY_STORE: to })).failed).toBe(false);
		expect((await migrate(['--to', to], { RELAY_STORE: `sqlite:${path}` })).said.at(-1)).toMatch(/nothing was changed/);
	});

	test('says what to give when a store is missing or of another kind, without repeating it', async () => {
		const path = await fillSample();
		await expect(migrate(['--from', `sqlite:${path}`])).rejects.toThrow(/--to: use postgres:/);
		await expect(migrate(['--from', to, '--to', to])).rejects.toThrow(/--from: use sqlite:/);
		const secret: Error = await migrate(['--from', `sqlite:${path}`, '--to', 'mysql://me:word@x/y']).catch(
			(error) => error,
		);
		expect(secret.message).toMatch(/--to: use postgres:/);
		expect(secret.message).not.toContain('word@x');
		const nowhere = `sqlite:${join(temporaryFolder(), 'none.db')}`;
		await expect(migrate(['--from', nowhere, '--to', to])).rejects.toThrow(/there is no SQLite store at/);
	});
});
