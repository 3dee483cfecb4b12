import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pollingWorkflow } from './polling-workflow.mts';

/** The evening of 30 November in California, the morning of 1 December in Lisbon, its afternoon in Tokyo. */
const NOW = new Date('2026-12-01T06:30:00Z');

let sandbox: Sandbox;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ['Date'], now: NOW });
	sandbox = await startSandbox();
});

afterEach(async () => {
	await sandbox.stop();
	vi.useRealTimers();
});

/** Monday is 1. The hours by hand from the offsets of December: UTC-8, UTC+0, UTC+9. */
const ZONES = [
	['America/Los_Angeles', 1, 22],
	['Europe/Lisbon', 2, 6],
	['Asia/Tokyo', 2, 15],
] as const;

describe.each(ZONES)('a workflow in %s', (timeZone, weekday, hour) => {
	test('gets the weekday and the hour of a post as they are there', async () => {
		const workflow = pollingWorkflow(sandbox, { event: 'newMedia' }, 'bakery', timeZone);
		await workflow.start();
		sandbox.world.account('bakery').publish({ timestamp: NOW.getTime() });
		expect(await workflow.poll()).toEqual([
			expect.objectContaining({ published: '2026-12-01T06:30:00.000Z', weekday, hour }),
		]);
	});

	test("counts Meta's days, which are those of California wherever the workflow is", async () => {
		const watch = { event: 'accountThreshold', metric: 'reach', comparison: 'level', threshold: 1 };
		const daysOf = async (dateRange: string) =>
			(await pollingWorkflow(sandbox, { ...watch, dateRange }, 'bakery', timeZone).test()).map((row) => [
				row.since,
				row.until,
			]);
		expect(await daysOf('yesterday')).toEqual([['2026-11-29', '2026-11-29']]);
		expect(await daysOf('last7Days')).toEqual([['2026-11-23', '2026-11-29']]);
	});
});
