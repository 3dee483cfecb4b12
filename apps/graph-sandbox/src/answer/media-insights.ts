import type { AccountTruth } from '../world/account-truth.ts';
import type { Media } from '../world/media.ts';
import { type Call, mayReadInsights } from './call.ts';
import { GraphRefusal } from './graph-error.ts';
import { type InsightsQuery, readInsightsQuery } from './insights-query.ts';
import {
	IMPRESSIONS_END,
	MEDIA_BREAKDOWNS,
	MEDIA_METRIC_RULES,
	type MediaMetricRule,
	mediaMetricNames,
	PERIODS,
} from './metric-rules.ts';
import { invalidParameter, mustBeOneOf, noPermission, notFound } from './refusals.ts';

/**
 * `GET /{ig-media-id}/insights`, and the same asked inside a media edge. One bad metric fails all of them.
 *
 * @throws {GraphRefusal} whatever Meta refuses
 */
export function mediaInsights(
	call: Call,
	account: AccountTruth,
	media: Media,
	params: Readonly<Record<string, string>>,
): { readonly data: readonly object[] } {
	const query = readInsightsQuery(params);
	const asked = checkQuestion(call, query);
	if (call.emptyInsights) return { data: [] };
	if (media.parentId !== null) throw notFound(media.id);
	if (!mayReadInsights(call) || media.forbidden === true) throw noPermission();
	checkMedia(account, media, asked);
	if (account.isExpired(media)) return { data: [] };
	return {
		data: asked.map(({ name, rule }) => {
			const value = account.mediaMetric(media, name);
			return {
				name,
				period: 'lifetime',
				values: [{ value }],
				title: rule.title,
				description: `${rule.title} of the media, as the sandbox counts it.`,
				...(query.breakdowns.length === 0 ? {} : { total_value: breakdownPart(account, media, name, value, query) }),
				id: `${media.id}/insights/${name}/lifetime`,
			};
		}),
	};
}

type Asked = readonly { readonly name: string; readonly rule: MediaMetricRule }[];

/** Refusals that do not depend on the medium: names, period, breakdown. */
function checkQuestion(call: Call, query: InsightsQuery): Asked {
	const known = mediaMetricNames(call.host);
	const asked = query.metrics.map((name, index) => {
		const rule = known.includes(name) ? MEDIA_METRIC_RULES[name] : undefined;
		if (rule === undefined) throw mustBeOneOf(`metric[${index}]`, known);
		return { name, rule };
	});
	// Any known period is accepted, and answered as lifetime.
	if (query.period !== null && !PERIODS.some((period) => period === query.period)) throw mustBeOneOf('period', PERIODS);
	query.breakdowns.forEach((breakdown, index) => {
		if (!MEDIA_BREAKDOWNS.some((one) => one === breakdown)) throw mustBeOneOf(`breakdown[${index}]`, MEDIA_BREAKDOWNS);
		for (const { name, rule } of asked) {
			if (rule.breakdown !== breakdown) {
				throw invalidParameter(`Incompatible breakdowns (${breakdown}) for metric (${name})`);
			}
		}
	});
	return asked;
}

/** Refusals that depend on the medium. */
function checkMedia(account: AccountTruth, media: Media, asked: Asked): void {
	if (media.beforeConversion) throw beforeConversion();
	const unsupported = asked.filter(
		({ name, rule }) => !rule.products.includes(media.productType) || (media.legacyVideo && name === 'views'),
	);
	if (unsupported.length > 0) {
		const names = unsupported.map((metric) => metric.name).join(', ');
		throw invalidParameter(`The Media Insights API does not support the ${names} metric for this media product type.`);
	}
	if (asked.some(({ name }) => name === 'impressions') && media.timestamp >= IMPRESSIONS_END) {
		throw invalidParameter(
			'Starting from version v22.0 and above, the impressions metric is no longer supported for the queried media.',
		);
	}
	if (account.isExpired(media)) return;
	if (media.fewViewers) {
		throw new GraphRefusal({ code: 10, message: 'Not enough viewers for the media to show insights' });
	}
	if (!media.sharedToFacebook && asked.some(({ rule }) => rule.needsFacebook === true)) {
		throw new GraphRefusal({ code: -1, subcode: 2207086, message: 'Fatal', type: 'OAuthException', plain: true });
	}
	if (
		media.productType === 'STORY' &&
		media.mediaType === 'IMAGE' &&
		asked.some(({ name }) => name === 'total_views')
	) {
		throw new GraphRefusal({ code: 200, message: 'The total_views metric is not available for this media' });
	}
}

function beforeConversion(): GraphRefusal {
	return new GraphRefusal({
		code: 100,
		subcode: 2108006,
		message: 'Invalid parameter',
		userTitle: 'Media posted before business account conversion',
		userMessage:
			"The media was posted before the most recent time that the user's account was converted to a business account from a personal account.",
	});
}

function breakdownPart(
	account: AccountTruth,
	media: Media,
	name: string,
	value: number | undefined,
	query: InsightsQuery,
): object {
	const rows = account.mediaRows(media, name);
	const results = rows.map((row) => ({ dimension_values: row.dimensionValues, value: row.value }));
	return {
		value,
		breakdowns: [{ dimension_keys: query.breakdowns, ...(results.length === 0 ? {} : { results }) }],
	};
}
