import { InsightsError } from '@instagram-insights/core/internal';
import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
	beginNewMedia,
	freshMedia,
	GRACE_MS,
	type ListedMedia,
	type NewMediaState,
	newMedia,
	reachesBack,
	rememberNewMedia,
} from '../../../nodes/InstagramInsightsPollingTrigger/events/newMedia.event';
import type { Look } from '../../../nodes/InstagramInsightsPollingTrigger/watch';
import { pollingWorkflow } from '../polling-workflow.mts';

let sandbox: Sandbox;

beforeEach(async () => {
	sandbox = await startSandbox();
});

afterEach(() => sandbox.stop());

const NEW_MEDIA = { event: 'newMedia' };

describe('the event New Media', () => {
	test('reports nothing at the first poll, whatever is there', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA);
		expect(await workflow.start()).toBeNull();
		expect(await workflow.poll()).toBeNull();
	});

	test('reports what was published, once, oldest first, with its fields', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA);
		await workflow.start();
		const first = sandbox.world.account('bakery').publish({ caption: 'First', timestamp: Date.now() - 5_000 });
		const second = sandbox.world.account('bakery').publish({ caption: 'Second', productType: 'REELS' });
		const items = await workflow.poll();
		expect(items?.map(({ id, caption }) => [id, caption])).toEqual([
			[first.id, 'First'],
			[second.id, 'Second'],
		]);
		expect(items?.[0]).toMatchObject({
			format: 'Photo',
			permalink: expect.stringContaining('instagram.com'),
		});
		expect(await workflow.poll()).toBeNull();
	});

	test('reports what was published while n8n was down', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA);
		await workflow.start();
		const one = sandbox.world.account('bakery').publish({ timestamp: Date.now() - 9_000 });
		await workflow.poll();
		const two = sandbox.world.account('bakery').publish();
		expect((await workflow.restart())?.map(({ id }) => id)).toEqual([two.id]);
		expect(one.id).not.toBe(two.id);
	});

	test('pages back as far as it has to', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA);
		await workflow.start();
		const published = Array.from({ length: 150 }, (_, index) =>
			sandbox.world.account('bakery').publish({ timestamp: Date.now() - (150 - index) * 1_000 }),
		);
		expect((await workflow.poll())?.map(({ id }) => id)).toEqual(published.map(({ id }) => id));
	});

	test('asks for one page when nothing is new', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA, 'large');
		await workflow.start();
		sandbox.resetRequests();
		await workflow.poll();
		expect(sandbox.requests()).toHaveLength(1);
	});

	test('leaves out the kinds that are not wanted, for good', async () => {
		const workflow = pollingWorkflow(sandbox, { ...NEW_MEDIA, productTypes: ['REELS'] });
		await workflow.start();
		sandbox.world.account('bakery').publish({ productType: 'FEED' });
		expect(await workflow.poll()).toBeNull();
		expect(await workflow.restart()).toBeNull();
	});

	test('adds numbers when they are wanted', async () => {
		const workflow = pollingWorkflow(sandbox, { ...NEW_MEDIA, includeInsights: true, metrics: ['views', 'likes'] });
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish();
		sandbox.world.account('bakery').setMediaMetric(id, 'views', 7);
		expect((await workflow.poll())?.[0]).toMatchObject({ id, views: 7, likes: expect.any(Number) });
	});

	test('says why numbers are missing when a medium cannot be read as a whole', async () => {
		const medium = { id: '18000000000000077', timestamp: '2026-11-23T12:00:00+0000' };
		const error = new InsightsError('not-found', 'Object does not exist', { advice: 'Check the ID.' });
		async function* yields<T>(value: T): AsyncGenerator<T> {
			yield value;
		}
		const client = {
			media: () => yields({ items: [{ media: medium, insights: [] }] }),
			mediaInsights: () => yields({ media: medium, insights: [], error }),
		};
		const parameters: Readonly<Record<string, unknown>> = { includeInsights: true, metrics: ['views'] };
		const look = {
			client,
			timeZone: 'UTC',
			parameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		};
		expect(await newMedia.latest(look as unknown as Look)).toEqual([
			expect.objectContaining({ id: medium.id, views: null, unavailable: 'views: not-found' }),
		]);
	});

	test('starts again when another account is chosen', async () => {
		const workflow = pollingWorkflow(sandbox, { ...NEW_MEDIA, authentication: 'facebookLogin' }, 'agency');
		const { id: bakery } = sandbox.world.account('bakery');
		const { id: large } = sandbox.world.account('large');
		workflow.change({
			...NEW_MEDIA,
			authentication: 'facebookLogin',
			account: { __rl: true, mode: 'id', value: bakery },
		});
		await workflow.start();
		workflow.change({
			...NEW_MEDIA,
			authentication: 'facebookLogin',
			account: { __rl: true, mode: 'id', value: large },
		});
		expect(await workflow.poll()).toEqual([]);
	});

	test('shows the newest in the editor and remembers nothing of it', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA);
		const [newest] = sandbox.world.account('bakery').media();
		expect((await workflow.test()).map(({ id }) => id)).toEqual([newest?.id]);
		expect(workflow.memory()).toEqual({});
	});

	test('explains in the editor that there is nothing to show', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA, 'brand-new');
		await expect(workflow.test()).rejects.toMatchObject({
			message: 'The account has no posts of these kinds yet',
			description: expect.stringContaining('Publish a post'),
		});
	});

	test('reports the first post of an account that had none', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA, 'brand-new');
		await workflow.start();
		const { id } = sandbox.world.account('brand-new').publish();
		expect((await workflow.poll())?.map((item) => item.id)).toEqual([id]);
	});
});

describe('a poll that fails', () => {
	test('misses nothing: the next one tells what it would have reported', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA);
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish();
		sandbox.setScenario({ scenario: 'rate-limit' });
		await expect(workflow.poll()).rejects.toMatchObject({ name: 'NodeApiError' });
		sandbox.clearScenarios();
		expect((await workflow.poll())?.map((item) => item.id)).toEqual([id]);
	});

	test('says what to do, and names no input item', async () => {
		const workflow = pollingWorkflow(sandbox, NEW_MEDIA, 'bakery-expired');
		const error = await workflow.start().catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ name: 'NodeApiError', description: expect.stringMatching(/trace ID/) });
		expect((error as { context: object }).context).not.toHaveProperty('itemIndex');
		expect(JSON.stringify(error)).not.toContain('IGAA-sandbox');
	});
});

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-11-01T00:00:00Z');

function medium(id: string, hours: number): ListedMedia {
	return { id, publishedMs: START + hours * HOUR_MS };
}

/** A look that has time for everything. */
function decideNewMedia(state: NewMediaState, listed: readonly ListedMedia[]) {
	const fresh = freshMedia(state, listed);
	const after = rememberNewMedia(state, listed, { handedOver: fresh.length, isWhole: true });
	return { fresh: fresh.toReversed(), state: after };
}

describe('freshMedia and rememberNewMedia', () => {
	test('reports nothing of what was there at the first look', () => {
		const list = [medium('b', 2), medium('a', 1)];
		expect(decideNewMedia(beginNewMedia(list, START), list).fresh).toEqual([]);
	});

	test('reports what is new, oldest first', () => {
		const state = beginNewMedia([medium('a', 1)], START);
		expect(decideNewMedia(state, [medium('c', 3), medium('b', 2), medium('a', 1)]).fresh).toEqual(['b', 'c']);
	});

	test('reports a medium once that is on two pages of the list', () => {
		const state = beginNewMedia([medium('a', 1)], START);
		expect(decideNewMedia(state, [medium('c', 3), medium('b', 2), medium('b', 2), medium('a', 1)]).fresh).toEqual([
			'b',
			'c',
		]);
	});

	test('reports the first medium of an account that had none', () => {
		const state = beginNewMedia([], START);
		expect(decideNewMedia(state, [medium('a', 1)]).fresh).toEqual(['a']);
	});

	test('reports two media of the same second, seen in two looks', () => {
		const state = beginNewMedia([medium('a', 1)], START);
		const first = decideNewMedia(state, [medium('b', 2), medium('a', 1)]);
		const second = decideNewMedia(first.state, [medium('c', 2), medium('b', 2), medium('a', 1)]);
		expect([first.fresh, second.fresh]).toEqual([['b'], ['c']]);
	});

	test('reports a medium that appears after a younger one', () => {
		const state = beginNewMedia([medium('b', 40), medium('a', 1)], START);
		expect(decideNewMedia(state, [medium('b', 40), medium('late', 20), medium('a', 1)]).fresh).toEqual(['late']);
	});

	test('does not report an old medium that is shown again', () => {
		const state = beginNewMedia([medium('b', 100), medium('a', 99)], START);
		expect(decideNewMedia(state, [medium('b', 100), medium('a', 99), medium('unarchived', 1)]).fresh).toEqual([]);
	});

	test('does not report a medium again that was hidden for a while', () => {
		const state = beginNewMedia([medium('b', 2), medium('a', 1)], START);
		const hidden = decideNewMedia(state, [medium('a', 1)]);
		expect(decideNewMedia(hidden.state, [medium('b', 2), medium('a', 1)]).fresh).toEqual([]);
	});

	test('reports each medium published since the first look exactly once, however looks, restarts and deletions fall', () => {
		const step = fc.oneof(
			{ weight: 3, arbitrary: fc.record({ kind: fc.constant('publish' as const), lateHours: fc.nat(40) }) },
			{ weight: 2, arbitrary: fc.constant({ kind: 'look' as const }) },
			{ weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat(50) }) },
			{ weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.nat(400) }) },
		);
		fc.assert(
			fc.property(fc.nat(5), fc.array(step, { maxLength: 60 }), (before, steps) => {
				let hours = 100;
				let media = Array.from({ length: before }, (_, index) => medium(`old ${index}`, index));
				let state: NewMediaState = beginNewMedia(newestFirst(media), START + hours * HOUR_MS);
				const published = new Set<string>();
				const gone = new Set<string>();
				const reported: string[] = [];
				const look = () => {
					const decision = decideNewMedia(JSON.parse(JSON.stringify(state)), newestFirst(media));
					reported.push(...decision.fresh);
					state = decision.state;
				};
				for (const one of [...steps, { kind: 'look' as const }]) {
					hours += 1;
					if (one.kind === 'look') look();
					else if (one.kind === 'wait') hours += one.hours;
					else if (one.kind === 'publish') {
						const id = `new ${published.size}`;
						published.add(id);
						// Never from before the watch began: that would be an old medium shown again.
						media.push(medium(id, Math.max(101, hours - one.lateHours)));
					} else {
						const victim = media[one.which % Math.max(1, media.length)];
						media = media.filter((each) => each !== victim);
						if (victim !== undefined && !reported.includes(victim.id)) gone.add(victim.id);
					}
				}
				expect(reported.toSorted()).toEqual([...published].filter((id) => !gone.has(id)).toSorted());
			}),
		);
	});
});

describe('reachesBack', () => {
	const state: NewMediaState = { newestMs: START, known: [] };

	test('asks for more as long as the list ends within the time of grace', () => {
		expect(reachesBack(state, [medium('a', 1), { id: 'b', publishedMs: START - GRACE_MS }])).toBe(false);
		expect(reachesBack(state, [medium('a', 1), { id: 'b', publishedMs: START - GRACE_MS - 1 }])).toBe(true);
	});

	test('counts from the newest medium at the first look', () => {
		expect(reachesBack(null, [medium('b', 60), medium('a', 20)])).toBe(false);
		expect(reachesBack(null, [medium('b', 60), medium('a', 11)])).toBe(true);
	});
});

function newestFirst(media: readonly ListedMedia[]): ListedMedia[] {
	return media.toSorted((a, b) => (b.publishedMs ?? 0) - (a.publishedMs ?? 0));
}
