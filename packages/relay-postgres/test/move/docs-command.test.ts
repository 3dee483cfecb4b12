import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInBash } from '@instagram-insights/webhook-relay/test/run-in-bash';
import { temporaryFolder } from '@instagram-insights/webhook-relay/test/temporary-folder';
import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../postgres-server.ts';
import { fillSample } from './sample-source.ts';

test('the migrate command of docs/relay/postgresql.md runs word for word', async () => {
	const page = readFileSync(new URL('../../../../docs/relay/postgresql.md', import.meta.url), 'utf8');
	const [command = ''] = /^instagram-webhook-relay migrate .*$/m.exec(page) ?? [];
	const server = await startPostgres();
	onTestFinished(() => server.remove());
	const database = await server.createDatabase();
	const folder = temporaryFolder();
	mkdirSync(join(folder, 'data'), { mode: 0o700 });
	await fillSample(join(folder, 'data', 'relay.db'));
	const { code, output } = await runInBash(command, { folder, environment: { DATABASE_URL: database } });
	expect([code, output]).toEqual([0, expect.stringContaining('Moved.')]);
	const [row] = await server.query(
		'SELECT count(*)::int AS events FROM relay.event',
		new URL(database).pathname.slice(1),
	);
	expect(row?.events).toBeGreaterThan(0);
});
