import { type AccountTruth, type Media, type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { N8nApi, StoredWorkflow } from '../../src/n8n/n8n-api.ts';
import { until } from '../../src/until.ts';
import { createPolling, POLLING_NAME } from './create-polling.ts';
import { createLaterN8n, type LaterN8n } from './later-n8n.ts';

const HOUR_MS = 3_600_000;
/** Enough time to publish a workflow and change the world before n8n polls by itself. */
const SOON_MS = 6_000;

let sandbox: Sandbox;
let account: AccountTruth;
let later: LaterN8n;
let n8n: N8nApi;

async function crashAndStart(hours: number, whileDown: () => void): Promise<void> {
	await later.kill();
	later.pass(hours);
	whileDown();
	n8n = await later.start();
}

/**
 * Publish a workflow that n8n polls at once, then soon, and then every minute.
 *
 * @param asks path of the first request of a poll; the first poll has begun when this returns
 */
async function publish(event: string, asks: string): Promise<StoredWorkflow> {
	const cronExpression = `${new Date(Date.now() + SOON_MS).getSeconds()} * * * * *`;
	const credential = { accessToken: account.tokens.instagram, baseUrl: sandbox.instagramUrl };
	const workflow = await createPolling(n8n, credential, {
		event,
		pollTimes: { item: [{ mode: 'custom', cronExpression }] },
	});
	sandbox.resetRequests();
	await n8n.activate(workflow);
	await until('the first poll', () => sandbox.requests().some(({ path }) => path === asks));
	return workflow;
}

/** The items of all runs so far, oldest first. */
async function reported({ id }: StoredWorkflow): Promise<Record<string, unknown>[]> {
	const ids = (await n8n.executionIds(id)).reverse();
	const runs = await Promise.all(ids.map((one) => n8n.execution(one)));
	return runs.flatMap((run) => run.items(POLLING_NAME).map(({ json }) => json));
}

function postStory(ageHours: number): Media {
	return account.publish({ productType: 'STORY', timestamp: later.now().getTime() - ageHours * HOUR_MS });
}
const setViews = ({ id }: Media, views: number) => account.setMediaMetric(id, 'views', views);
const endOf = ({ timestamp }: Media) => new Date(timestamp + 24 * HOUR_MS).toISOString();

/** What happened, in this order. */
let ending: Media;
let expiring: Media;
let control: Media;
let crashedAt: Date;
let reportedBefore: unknown[][];
let milestones: Record<string, unknown>[];
let stories: Record<string, unknown>[];

/** This file's own n8n crashes twice, and comes back two hours later each time. */
beforeAll(async () => {
	const world = {
		accounts: [{ key: 'gallery', username: 'gallery', followers: 4_812, posts: { count: 3, stories: [] } }],
	};
	later = await createLaterN8n();
	sandbox = await startSandbox({ now: later.now, world });
	account = sandbox.world.account('gallery');
	account.setFollowers(4_812);
	n8n = await later.start();

	ending = postStory(22.5);
	setViews(ending, 100);
	const milestone = await publish('followerMilestone', '/me');
	const story = await publish('storyExpiring', '/me/stories');
	// Only a later poll may see this: n8n keeps what the first one sees by itself.
	setViews(ending, 250);
	expiring = postStory(21.5);
	setViews(expiring, 300);
	await until('the poll that sees the second story', async () => (await n8n.executionIds(story.id)).length > 0);
	reportedBefore = [await reported(milestone), await reported(story)];

	crashedAt = later.now();
	await crashAndStart(2, () => {
		account.setFollowers(5_003);
		setViews(ending, 999);
		setViews(expiring, 444);
	});
	await until('the milestone', async () => (await reported(milestone)).length > 0);
	await until('the two stories', async () => (await reported(story)).length > 1);

	// Something new for each: once it is reported, everything old would have been reported again.
	await crashAndStart(2, () => {
		account.setFollowers(6_010);
		control = postStory(23.5);
	});
	await until('the next milestone', async () => (await reported(milestone)).some((item) => item.milestone === 6_000));
	await until('the third story', async () => (await reported(story)).some(({ id }) => id === control.id));
	milestones = await reported(milestone);
	stories = await reported(story);
}, 900_000);

afterAll(async () => {
	await later?.remove();
	await sandbox?.stop();
});

describe('the polling trigger, when n8n is killed and started again', () => {
	test('reports nothing before there is anything to report', () => {
		expect(reportedBefore).toEqual([[], []]);
	});

	test('reports a follower milestone that was passed in between, once', () => {
		expect(milestones).toEqual([
			expect.objectContaining({
				milestone: 5_000,
				followers_count: 5_003,
				username: 'gallery',
				passed: '5000',
				next: 6_000,
			}),
			expect.objectContaining({
				milestone: 6_000,
				followers_count: 6_010,
				username: 'gallery',
				passed: '6000',
				next: 7_000,
			}),
		]);
	});

	test('reports each story once', () => {
		expect(stories.map(({ id }) => id)).toEqual([ending.id, expiring.id, control.id]);
	});

	test('reports a story that ended in between, with the numbers of the last poll before', () => {
		const [item] = stories;
		expect(item).toMatchObject({ expired: true, minutesLeft: 0, expiresAt: endOf(ending), views: 250 });
		const lastReadAt = Date.parse(String(item?.lastReadAt));
		expect(lastReadAt).toBeLessThanOrEqual(crashedAt.getTime());
		expect(lastReadAt).toBeGreaterThan(crashedAt.getTime() - 2 * 60_000);
	});

	test('reports a story that is about to expire, with its present numbers', () => {
		const [, item] = stories;
		expect(item).toMatchObject({ expired: false, expiresAt: endOf(expiring), views: 444 });
		// It was posted two and a half hours before its end, and n8n was back two hours later.
		expect(item?.minutesLeft).toBeGreaterThan(20);
		expect(item?.minutesLeft).toBeLessThanOrEqual(30);
		expect(item?.lastReadAt).toBeNull();
	});
});
