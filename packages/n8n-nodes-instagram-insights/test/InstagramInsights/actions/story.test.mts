import { describe, expect, test } from 'vitest';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';

const { bakery, owner, ask } = useSandbox();

describe.each(LOGINS)('story: getMany with %s', (login) => {
	test('returns the live stories with their metrics', async () => {
		const { rows } = await ask(login, { resource: 'story', operation: 'getMany', metrics: ['reach', 'replies'] });
		const truth = bakery().stories();
		expect(rows.map(({ id }) => id)).toEqual(truth.map(({ id }) => id));
		for (const [index, story] of truth.entries()) {
			if (story.fewViewers)
				expect(rows[index]).toMatchObject({
					reach: null,
					unavailable: expect.stringContaining('reach: too-few-viewers'),
				});
			else expect(rows[index]?.reach).toBe(bakery().mediaMetric(story, 'reach'));
		}
	});

	test('says how people left each story, in the same row', async () => {
		const { rows } = await ask(login, { resource: 'story', operation: 'getMany', metrics: ['reach', 'replies'] });
		const columns = ['reach', 'replies', 'taps_forward', 'taps_back', 'exits', 'completion_rate', 'exit_rate'];
		expect(rows.length).toBeGreaterThan(1);
		for (const [index, story] of bakery().stories().entries()) {
			expect(Object.keys(rows[index] ?? {})).toEqual(expect.arrayContaining(columns));
			if (story.fewViewers) {
				expect(rows[index]).toMatchObject({ exits: null, completion_rate: null });
				expect(rows[index]?.unavailable).toContain('completion_rate: too-few-viewers');
				continue;
			}
			const steps = bakery().mediaRows(story, 'navigation');
			const step = (name: string) => steps.find(({ dimensionValues: [bucket] }) => bucket === name)?.value ?? 0;
			const views = bakery().mediaMetric(story, 'views') ?? 0;
			expect(rows[index]).toMatchObject({
				taps_forward: step('tap_forward'),
				taps_back: step('tap_back'),
				exits: step('tap_exit'),
				exit_rate: step('tap_exit') / views,
				completion_rate: 1 - step('tap_exit') / views,
				unavailable: '',
			});
			expect(rows[index]).not.toHaveProperty('navigation');
		}
	});

	test('does not read insights if Include Insights is off', async () => {
		const { rows, httpRequests } = await ask(login, {
			resource: 'story',
			operation: 'getMany',
			includeInsights: false,
		});
		expect(rows[0]).not.toHaveProperty('exits');
		expect(httpRequests).toBe(2);
	});

	test('sorts stories by how many people stayed', async () => {
		const parameters = { resource: 'story', operation: 'getMany', sortBy: 'completion_rate', sortDirection: 'asc' };
		const { rows } = await ask(login, parameters);
		const rates = rows.map(({ completion_rate }) => completion_rate).filter((rate) => rate !== null) as number[];
		expect(rates.length).toBeGreaterThan(1);
		expect(rates).toEqual([...rates].sort((a, b) => a - b));
		expect(rows.at(-1)?.completion_rate).toBeNull();
	});

	test('says below how many viewers numbers are hidden', async () => {
		const { hints } = await ask(login, { resource: 'story', operation: 'getMany' });
		expect(hints).toContainEqual(expect.stringContaining('stories under 5 viewers'));
	});

	test('says so if there are no live stories', async () => {
		const { rows, hints } = await ask(login, { resource: 'story', operation: 'getMany' }, { token: 'brand-new' });
		expect(rows).toEqual([]);
		expect(hints).toContainEqual(expect.stringContaining('no live stories'));
	});
});

describe.each(LOGINS)('story: getInsights with %s', (login) => {
	const media = (index: number) => ({ __rl: true, mode: 'id', value: bakery().stories()[index]?.id ?? '' });

	test('returns the metrics of a story', async () => {
		const story = bakery().stories()[0];
		if (story === undefined) throw new Error('the bakery has no stories');
		const parameters = {
			resource: 'story',
			operation: 'getInsights',
			media: media(0),
			metrics: ['reach', 'navigation'],
			computed: ['exits'],
		};
		const { rows } = await ask(login, parameters);
		expect(rows).toEqual([
			{
				...owner(),
				mediaId: story.id,
				reach: bakery().mediaMetric(story, 'reach'),
				navigation: bakery().mediaMetric(story, 'navigation'),
				exits: bakery()
					.mediaRows(story, 'navigation')
					.find(({ dimensionValues }) => dimensionValues[0] === 'tap_exit')?.value,
				unavailable: '',
			},
		]);
	});

	test('returns how people left a story, one item per action', async () => {
		const breakdown = 'story_navigation_action_type';
		const { rows } = await ask(login, { resource: 'story', operation: 'getInsights', media: media(0), breakdown });
		expect(rows.map(({ metric, dimension }) => [metric, dimension])).toContainEqual(['navigation', breakdown]);
		expect(rows.length).toBeGreaterThan(1);
	});

	test('gives a reason, not a failure, when too few people saw it', async () => {
		const parameters = {
			resource: 'story',
			operation: 'getInsights',
			media: media(1),
			metrics: ['reach'],
			computed: [],
		};
		const { rows } = await ask(login, parameters);
		const row = { ...owner(), mediaId: media(1).value, reach: null, unavailable: 'reach: too-few-viewers' };
		expect(rows).toEqual([row]);
	});

	test("returns Meta's own objects when not simplified", async () => {
		const [story] = bakery().stories();
		const parameters = { resource: 'story', operation: 'getInsights', media: media(0), metrics: ['reach'] };
		const { rows } = await ask(login, { ...parameters, computed: [], simplify: false });
		expect(rows).toEqual([
			{ id: story?.id, insights: { data: [expect.objectContaining({ name: 'reach', values: expect.any(Array) })] } },
		]);
	});

	test.each([
		['', 'Story: No story is chosen. Choose one from the list'],
		['abc', 'Story: "abc" is not a media ID'],
	])('calls its parameter Story when it holds "%s"', async (value, message) => {
		const story = { __rl: true, mode: 'id', value };
		await expect(ask(login, { resource: 'story', operation: 'getInsights', media: story })).rejects.toThrow(message);
	});

	test('does not mention albums if a story is gone', async () => {
		const story = { __rl: true, mode: 'id', value: '18999999999999999' };
		const parameters = { resource: 'story', operation: 'getInsights', media: story, metrics: ['reach'] };
		const { hints } = await ask(login, parameters, { continueOnFail: true });
		expect(hints).not.toContainEqual(expect.stringContaining('album'));
	});
});

describe.each(LOGINS)('an ID of the other kind with %s', (login) => {
	const asked = (resource: 'media' | 'story', id: string | undefined, metrics: string[]) => {
		const media = { __rl: true, mode: 'id', value: id ?? '' };
		return ask(login, { resource, operation: 'getInsights', media, metrics, computed: [] });
	};

	test('is refused with the operation to use if it gives no number', async () => {
		const [post, story] = [bakery().media()[0]?.id, bakery().stories()[0]?.id];
		await expect(asked('story', post, ['navigation'])).rejects.toMatchObject({
			message: expect.stringContaining(`${post} is a post or reel`),
			description: expect.stringContaining('Use Post or Reel: Get Insights'),
		});
		await expect(asked('media', story, ['saved'])).rejects.toMatchObject({
			message: expect.stringContaining(`${story} is a story`),
			description: expect.stringContaining('Use Story: Get Insights'),
		});
	});

	test('returns the numbers it has, with a note that names the operation', async () => {
		const post = bakery().media()[0];
		const { rows, hints } = await asked('story', post?.id, ['reach', 'navigation']);
		expect(rows).toEqual([expect.objectContaining({ navigation: null, unavailable: 'navigation: unsupported' })]);
		expect(rows[0]?.reach).toBe(post && bakery().mediaMetric(post, 'reach'));
		expect(hints.join(' ')).toContain(`${post?.id} is a post or reel. Use Post or Reel: Get Insights`);
	});
});
