import { HOSTS } from '../catalog/host.ts';
import { ProfileAnswer } from '../graph/accounts-answer.ts';
import { InsightsAnswer } from '../graph/insights-answer.ts';
import type { MediaFields } from '../graph/media-answer.ts';
import { UNREADABLE_ADVICE } from '../graph/read-answer.ts';
import { type AbsentReason, hasNumber, type Insight } from '../insight/insight.ts';
import { InsightsError, isInsightsError } from '../insights-error.ts';
import { addDays, pacificDay } from '../query/calendar-day.ts';
import { planOne } from '../query/plan-requests.ts';
import type { Note } from './account/account-answer.ts';
import { accountInWords } from './account/account-id.ts';
import type { ClientContext, QuestionOptions } from './client-context.ts';

const PROBED_DAYS = 28;

/** Whether two refusals are the same except for numbers in them, such as IDs and days. */
export function isAlike(one: InsightsError, other: InsightsError): boolean {
	const text = ({ graph, kind }: InsightsError) =>
		[kind, graph?.code, graph?.subcode, graph?.message.replace(/\d+/g, '#')].join('|');
	return text(one) === text(other);
}

/** What the media of one question have answered so far. */
export type Tally = {
	/** How many media the question is about, as far as they are known. */
	media: number;
	/** How many of them answered, with or without numbers. */
	answered: number;
	/** One of them had a number. */
	hasNumber: boolean;
	/** An item of the list could not be read as a media item. */
	hasMalformed: boolean;
	/** Refusals that neither the type nor the age of the media item explains, by its id. */
	readonly refused: Map<string, InsightsError>;
};

export function newTally(): Tally {
	return { media: 0, answered: 0, hasNumber: false, hasMalformed: false, refused: new Map() };
}

/** Count the answer of one media item. Returns an error if nothing in it could be read: that does not count as an answer. */
export function noteRead(tally: Tally, { id }: MediaFields, insights: readonly Insight[]): InsightsError | undefined {
	if (insights.some(hasNumber)) tally.hasNumber = true;
	const [first] = insights;
	const isUnreadable = insights.every((one) => one.shape === 'absent' && one.reason === 'failed');
	if (first?.shape !== 'absent' || !isUnreadable) {
		tally.answered += 1;
		return undefined;
	}
	const message = `insights of media ${id}: ${first.message ?? 'none of its values could be read'}`;
	const error = new InsightsError('answer-unreadable', message, { advice: UNREADABLE_ADVICE });
	tally.refused.set(id, error);
	return error;
}

/** How many media, spread over all, are asked first while none has answered. If all are refused alike, so is the question. */
export const MOST_TRIED = 12;

/**
 * Fail if no media item answered and all were refused: rows without a number would look like an answer. If all were refused
 * alike, the refusal is not about single media.
 *
 * @param isEnd all media of the question were asked; before that, many must have been refused alike
 * @throws {InsightsError} the refusal they met
 */
export function assertSomeAnswered({ media, answered, refused }: Tally, { isEnd }: { readonly isEnd: boolean }): void {
	const errors = [...refused.values()];
	const [first] = errors;
	if (!first || answered > 0) return;
	const isSame = errors.every((error) => isAlike(error, first));
	// One media item may be gone, or be refused by itself while others have another reason; a missing permission concerns all.
	const isAll = errors.length === media && (media > 1 || first.kind !== 'not-found');
	const isMany = isSame && errors.length >= (isEnd ? (first.kind === 'permission' ? 1 : 2) : MOST_TRIED);
	if (!isMany && !(isEnd && isAll)) return;
	const { kind, message, advice, graph, retryAfterMs } = first;
	const all = errors.length === 1 ? 'insights of the only media item' : `insights of all ${errors.length} media`;
	const what = isSame ? all : `${all}, each for its own reason. The first one`;
	throw new InsightsError(kind, message.replace(/^(?:insights of )?media \d+/, what), {
		advice,
		cause: first,
		...(graph ? { graph } : {}),
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	});
}

/**
 * A note if no metric has a number, and at least one came without. On graph.facebook.com a missing permission looks the same
 * (S14). So there the reach of the last four weeks is requested as well: if an account with posts has not even that, the
 * token cannot read insights.
 *
 * @throws {InsightsError} `permission`: the token gets no insights of the account at all
 */
export async function emptyNotes(
	insights: readonly Insight[],
	context: ClientContext,
	options: QuestionOptions,
): Promise<Note[]> {
	// A number that cannot be added up is there for each window.
	if (insights.some((one) => hasNumber(one) || reasonsOf(one).includes('not-additive'))) return [];
	if (!insights.some((one) => reasonsOf(one).includes('no-data'))) return [];
	await refuseIfNothingIsReadable(context, options);
	return [
		{
			code: 'nothing-came',
			message: 'Instagram answered without any number. It may have none yet for these metrics and dates.',
		},
	];
}

/** Why an insight has no number, or why days of it have none. */
function reasonsOf(insight: Insight): readonly (AbsentReason | undefined)[] {
	if (insight.shape === 'series') return insight.points.map(({ reason }) => reason);
	return insight.shape === 'absent' ? [insight.reason] : [];
}

/**
 * The same check for media: all answered and none has a number.
 *
 * @throws {InsightsError} `permission`: the token gets no insights of the account at all
 */
export async function assertNumbersReadable(
	tally: { readonly answered: number; readonly hasNumber: boolean },
	context: ClientContext & { readonly options: QuestionOptions },
): Promise<void> {
	if (tally.answered > 0 && !tally.hasNumber) await refuseIfNothingIsReadable(context, context.options);
}

async function refuseIfNothingIsReadable(context: ClientContext, { signal }: QuestionOptions): Promise<void> {
	const { session } = context;
	const posts = context.memory.account?.mediaCount;
	if (HOSTS[session.host].loginType !== 'facebook' || posts === 0) return;
	const until = pacificDay(session.now());
	const asks = {
		metrics: ['reach'],
		period: 'day',
		metricType: 'total_value',
		breakdown: [],
		timeframe: null,
		window: { since: addDays(until, 1 - PROBED_DAYS), until },
	} as const;
	let what = 'insights';
	try {
		const accountId = await context.accountId(signal);
		what = `insights of ${accountInWords(accountId)}`;
		const reach = await session.ask(planOne(asks, { host: session.host, accountId }), InsightsAnswer, { what, signal });
		if (reach.data.data.length > 0) return;
		if (posts === undefined) {
			const profile = { method: 'GET', path: `/${accountId}`, query: { fields: 'id,media_count' } } as const;
			const { data } = await session.ask(profile, ProfileAnswer, { what, signal });
			if (!(Number(data.media_count) > 0)) return;
		}
	} catch (error) {
		// The question itself was answered: any other error of this check does not concern it.
		if (isInsightsError(error) && error.kind !== 'permission' && error.kind !== 'cancelled') return;
		throw error;
	}
	const { insights, viaBusinessManager } = HOSTS[session.host].permissions;
	const message = `${what}: Instagram returns no insights at all, not even the reach of the last ${PROBED_DAYS} days`;
	throw new InsightsError('permission', message, {
		advice: `The token lacks a permission. Connect the account again and grant ${insights.join(', ')}; if a business portfolio owns the Page, also grant ${viaBusinessManager.join(', ')}.`,
	});
}
