import { describe, expect, test } from 'vitest';
import { servedVersion } from '../../src/world/host.ts';
import { NOON, sandboxForFile } from '../ask.ts';

const { ask } = sandboxForFile();

describe('servedVersion', () => {
	test('serves a usable version as asked', () => {
		expect(servedVersion('v25.0', NOON)).toBe('v25.0');
	});

	test('serves the oldest usable version for one that has ended, does not exist yet, or is not named', () => {
		expect(servedVersion('v18.0', NOON)).toBe('v21.0');
		expect(servedVersion('v99.0', NOON)).toBe('v21.0');
		expect(servedVersion('v27.0', new Date('2026-10-01T00:00:00Z'))).toBe('v21.0');
		expect(servedVersion(null, NOON)).toBe('v21.0');
	});

	test('moves on when a version ends', () => {
		expect(servedVersion('v21.0', new Date('2027-01-20T00:00:00Z'))).toBe('v21.0');
		expect(servedVersion('v21.0', new Date('2027-01-21T00:00:00Z'))).toBe('v22.0');
	});

	test('says in a header, and in paging links, what was served', async () => {
		const reply = await ask('graph.instagram.com/v18.0/me/media?limit=1', 'IGAA-sandbox-bakery');
		expect(reply.headers.get('facebook-api-version')).toBe('v21.0');
		expect(reply.body.paging?.next).toContain('/graph.instagram.com/v21.0/');
		const bare = await ask('graph.instagram.com/me', 'IGAA-sandbox-bakery');
		expect(bare.status).toBe(200);
	});
});
