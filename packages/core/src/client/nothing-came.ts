import { HOSTS } from '../catalog/host.ts';
import { ProfileAnswer } from '../graph/accounts-answer.ts';
import { InsightsAnswer } from '../graph/insights-answer.ts';
import type { MediaFields } from '../graph/media-answer.ts';
import { UNREADABLE_ADVICE } from '../graph/read-answer.ts';
import type { Insight } from '../insight/insight.ts';
import { InsightsError, isInsightsError } from '../insights-error.ts';
import { addDays, pacificDay } from '../query/calendar-day.ts';
import { planOne } from '../query/plan-requests.ts';
import type { Note } from './account/account-answer.ts';
import { accountInWords } from './account/account-id.ts';
import type { ClientContext, QuestionOptions } from './client-context.ts';

const PROBED_DAYS = 28;

/** Whether two refusals say the same; numbers in them, such as ids and days, may differ. */
export function isAlike(one: InsightsError, other: InsightsError): boolean {
	const text = ({ graph, kind }: InsightsError) =>
		[kind, graph?.code, graph?.subcode, graph?.message.replace(/\d+/g, '#')].join('|');
	return text(one) === text(other);
}

/** What has become of the media of one question so far. */
export type Tally = {
	/** Media that answered, with whatever. */
	answered: number;
	/** One of them had a number. */
	hasNumber: boolean;
	/** An item of the list could not be read as a medium. */
	hasMalformed: boolean;
	/** By id of the medium: a refusal that neither its kind nor its age explains. */
	readonly refused: Map<string, InsightsError>;
};

export function newTally(): Tally {
	return { answered: 0, hasNumber: false, hasMalformed: false, refused: new Map() };
}

/** Count the answer of one medium. Returns an error where nothing in it could be read: that is not an answer. */
export function noteRead(tally: Tally, { id }: MediaFields, insights: readonly Insight[]): InsightsError | undefined {
	if (insights.some(({ shape }) => shape !== 'absent')) tally.hasNumber = true;
	const [first] = insights;
	const isUnreadable = insights.every((one) => one.shape === 'absent' && one.reason === 'failed');
	if (first?.shape !== 'absent' || !isUnreadable) {
		tally.answered += 1;
		return undefined;
	}
	const message = `insights of media ${id}: ${first.message ?? 'no value could be read'}`;
	const error = new InsightsError('answer-unreadable', message, { advice: UNREADABLE_ADVICE });
	tally.refused.set(id, error);
	return error;
}

/** So many media, spread over all, are asked first as long as none has answered: refused alike, they speak for the rest. */
export const MOST_TRIED = 12;

/**
 * Where no medium answered and all were refused alike, it is not about single media.
 *
 * @param isEnd all media of the question were asked; before that, many must have been refused
 * @throws {InsightsError} the refusal they met
 */
export function assertSomeAnswered({ answered, refused }: Tally, { isEnd }: { readonly isEnd: boolean }): void {
	const errors = [...refused.values()];
	const [first] = errors;
	if (!first || answered > 0 || !errors.every((error) => isAlike(error, first))) return;
	// A single medium that stumbles may be that medium; a missing permission is not.
	if (errors.length < (isEnd ? (first.kind === 'permission' ? 1 : 2) : MOST_TRIED)) return;
	const { kind, message, advice, graph, retryAfterMs } = first;
	const what = errors.length === 1 ? 'insights of the only medium' : `insights of all ${errors.length} media`;
	throw new InsightsError(kind, message.replace(/^(?:insights of )?media \d+/, what), {
		advice,
		cause: first,
		...(graph ? { graph } : {}),
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	});
}

/**
 * A note when no metric at all has a number. On graph.facebook.com a missing permission looks the same (S14), so there
 * the reach of the last four weeks is asked for as well: an account with posts that has not even that gives no insights.
 *
 * @throws {InsightsError} `permission`: the token gets no insights of the account at all
 */
export async function emptyNotes(
	insights: readonly Insight[],
	context: ClientContext,
	options: QuestionOptions,
): Promise<Note[]> {
	const nothing = insights.length > 0 && insights.every((one) => one.shape === 'absent' && one.reason === 'no-data');
	if (!nothing) return [];
	await refuseIfNothingIsReadable(context, options);
	return [
		{ code: 'nothing-came', message: 'Instagram answered without any number: there is none yet for this question.' },
	];
}

/**
 * The same for media: where all answered and none has a number.
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
		// The numbers asked for did come, if empty: what else goes wrong with this check is not theirs.
		if (isInsightsError(error) && error.kind !== 'permission' && error.kind !== 'cancelled') return;
		throw error;
	}
	const { insights, viaBusinessManager } = HOSTS[session.host].permissions;
	const message = `${what}: Instagram gives no insights at all, not even the reach of the last ${PROBED_DAYS} days`;
	throw new InsightsError('permission', message, {
		advice: `The token lacks a permission. Connect the account again and grant ${insights.join(', ')}; where a business portfolio owns the Page, ${viaBusinessManager.join(', ')} as well.`,
	});
}
