import { describe, expect, test } from 'vitest';
import { startSandbox } from '../src/index.ts';
import { ask } from './ask.ts';

describe('startSandbox', () => {
	test('refuses insights inside another edge on the hosts configured to', async () => {
		const sandbox = await startSandbox({ nested: { instagram: false, facebook: 'ignored' } });
		const query = 'v25.0/17841401714833111/media?limit=1&fields=id,insights.metric(reach)';
		const instagram = await ask(`${sandbox.instagramUrl}/${query}`, 'IGAA-sandbox-bakery');
		const facebook = await ask(`${sandbox.facebookUrl}/${query}`, 'EAA-sandbox-bakery');
		expect(instagram.body.error).toMatchObject({ code: 100, type: 'IGApiException' });
		expect(Object.keys(facebook.body.data?.[0] ?? {})).toEqual(['id']);
		await sandbox.stop();
	});

	test('waits the latency before each answer and counts what is open at once', async () => {
		const sandbox = await startSandbox({ latencyMs: 40 });
		const before = performance.now();
		await Promise.all([1, 2, 3].map(() => ask(`${sandbox.instagramUrl}/v25.0/me`, 'IGAA-sandbox-bakery')));
		expect(performance.now() - before).toBeGreaterThanOrEqual(38);
		expect(sandbox.counts()).toEqual({ httpRequests: 3, metaCalls: 3, mostAtOnce: 3 });
		await sandbox.stop();
	});

	test('listens on loopback only, and frees its port when stopped', async () => {
		const sandbox = await startSandbox();
		expect(sandbox.url).toBe(`http://127.0.0.1:${sandbox.port}`);
		await sandbox.stop();
		const again = await startSandbox({ port: sandbox.port });
		expect(again.port).toBe(sandbox.port);
		await expect(startSandbox({ port: again.port })).rejects.toThrow(/EADDRINUSE/);
		await again.stop();
	});

	test('answers 404 in plain words outside the hosts', async () => {
		const sandbox = await startSandbox();
		const reply = await ask(`${sandbox.url}/v25.0/me`);
		expect(reply.status).toBe(404);
		expect(reply.text).toContain(sandbox.instagramUrl);
		await sandbox.stop();
	});
});
