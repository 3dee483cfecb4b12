import type { VersionedRequest } from '../../src/graph/graph-request.ts';
import type { ScriptedAnswer } from '../../src/testing/index.ts';

/** One medium of the little Graph below. */
export type TinyMedia = {
	/**
	 * What it is: a post, a video among posts, a reel, an ad, a post that refuses `views` (an old video), a medium that refuses whatever it is
	 * asked without saying why, one whose insights Graph always stumbles over,
	 * one that is too heavy for a list though not by itself, one that may not be read, or a kind no one knows that has reach alone.
	 */
	readonly kind:
		| 'post'
		| 'video'
		| 'reel'
		| 'ad'
		| 'old-video'
		| 'strange'
		| 'broken'
		| 'heavy'
		| 'forbidden'
		| 'new-kind';
};

export type TinyRules = {
	/** How many of the newest media are younger than the business account; all when left out. */
	readonly convertedAt?: number;
	/** Pages with insights of more media than this are too heavy. */
	readonly heaviest?: number;
	/** The same, and Graph does not say that the size is to blame. */
	readonly heaviestUnsaid?: number;
	/** Pages without insights of more media than this are too heavy. */
	readonly heaviestPlain?: number;
	/** The host gives no cursor of the first medium of a page. */
	readonly withoutBefore?: true;
	/** What the host does with nested insights. */
	readonly nested?: 'allowed' | 'refused' | 'ignored';
	/** Its words, where it refuses them. */
	readonly nestedSays?: ScriptedAnswer;
};

const PRODUCT = {
	post: 'FEED',
	video: 'FEED',
	reel: 'REELS',
	ad: 'AD',
	'old-video': 'FEED',
	strange: 'FEED',
	broken: 'FEED',
	heavy: 'FEED',
	forbidden: 'FEED',
	'new-kind': 'CANVAS',
};

const STUMBLE = { status: 500, body: { error: { code: 1, message: 'An unknown error occurred' } } };

/**
 * A media edge and its insights in a few lines, written from the reference and knowing nothing of the client: newest
 * first, cursors, one refused medium fails the page. The value of every metric is 1000 times the place in the list.
 */
export function tinyGraph(media: readonly TinyMedia[], rules: TinyRules = {}) {
	const idOf = (index: number) => String(18_000_000_000_000_000n + BigInt(index));
	const indexOf = (id: string) => Number(BigInt(id) - 18_000_000_000_000_000n);
	const fields = (index: number) => ({
		id: idOf(index),
		media_type: ['video', 'old-video', 'reel'].includes(media[index]?.kind ?? '') ? 'VIDEO' : 'IMAGE',
		media_product_type: PRODUCT[media[index]?.kind ?? 'post'],
		timestamp: new Date(Date.UTC(2026, 10, 1) - index * 3_600_000).toISOString().replace('.000Z', '+0000'),
	});
	const refusal = (index: number, metrics: readonly string[]): ScriptedAnswer | null => {
		const kind = media[index]?.kind;
		const error = (message: string, more: object = {}) => ({
			status: 400,
			body: { error: { code: 100, message, ...more } },
		});
		const unsupported = (names: readonly string[]) =>
			error(
				`(#100) The Media Insights API does not support the ${names.join(', ')} metric for this media product type.`,
			);
		if (index >= (rules.convertedAt ?? media.length)) {
			return error('Invalid parameter', { error_subcode: 2108006 });
		}
		if (kind === 'broken') return STUMBLE;
		if (kind === 'forbidden') {
			return { status: 403, body: { error: { code: 200, message: '(#200) Requires a permission on this media' } } };
		}
		if (kind === 'ad') return unsupported(metrics);
		if (kind === 'old-video' && metrics.includes('views')) return unsupported(['views']);
		if (kind === 'new-kind' && metrics.some((metric) => metric !== 'reach')) {
			return unsupported(metrics.filter((metric) => metric !== 'reach'));
		}
		return kind === 'strange' ? error('Invalid parameter') : null;
	};
	const insights = (index: number, metrics: readonly string[]) => ({
		data: metrics.map((name) => ({ name, period: 'lifetime', values: [{ value: index * 1000 }] })),
	});

	const answer = (request: Pick<VersionedRequest, 'path' | 'query' | 'body'>): ScriptedAnswer => {
		const { path, query } = request;
		if (path === '/') return { body: JSON.parse(request.body?.batch ?? '[]').map(answerItem) };
		const alone = /^\/(\d+)\/insights$/.exec(path)?.[1];
		if (alone !== undefined) {
			const metrics = (query.metric ?? '').split(',');
			const index = indexOf(alone);
			return refusal(index, metrics) ?? { body: insights(index, metrics) };
		}
		const start = query.after === undefined ? 0 : indexOf(query.after) + 1;
		const page = media.slice(start, start + Math.min(100, Number(query.limit))).map((_, place) => start + place);
		const metrics = /insights\.metric\(([^)]*)\)/.exec(query.fields ?? '')?.[1]?.split(',');
		if (metrics && rules.nested === 'refused') {
			return rules.nestedSays ?? { status: 400, body: { error: { code: 100, message: 'Invalid parameter' } } };
		}
		const isHeavy = metrics !== undefined && page.some((index) => media[index]?.kind === 'heavy');
		const heaviest = metrics ? rules.heaviest : query.fields === 'id' ? undefined : rules.heaviestPlain;
		if (isHeavy || page.length > (heaviest ?? 100)) {
			return { status: 500, body: { error: { code: 1, message: 'Please reduce the amount of data' } } };
		}
		if (metrics && page.length > (rules.heaviestUnsaid ?? 100)) return STUMBLE;
		const refused = metrics && page.map((index) => refusal(index, metrics)).find((one) => one !== null);
		if (refused && rules.nested !== 'ignored') return refused;
		const last = page.at(-1);
		const nested = metrics !== undefined && rules.nested !== 'ignored';
		return {
			body: {
				data: page.map((index) => ({ ...fields(index), ...(nested ? { insights: insights(index, metrics) } : {}) })),
				...(last === undefined
					? {}
					: {
							paging: {
								cursors: { ...(rules.withoutBefore ? {} : { before: idOf(start) }), after: idOf(last) },
								...(last < media.length - 1
									? { next: `https://graph/next?access_token=planted&after=${idOf(last)}` }
									: {}),
							},
						}),
			},
		};
	};
	const answerItem = ({ relative_url: url }: { relative_url: string }) => {
		const [path = '', query = ''] = url.split('?');
		const item = answer({ path: `/${path}`, query: Object.fromEntries(new URLSearchParams(query)) });
		return 'body' in item ? { code: item.status ?? 200, body: JSON.stringify(item.body) } : null;
	};
	return answer;
}
