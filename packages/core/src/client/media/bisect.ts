import { mediaMetricRow } from '../../catalog/media-metric.ts';
import type { MediaFields } from '../../graph/media-answer.ts';
import { absenceOf, absent } from '../../insight/insight.ts';
import type { InsightsError, InsightsErrorKind } from '../../insights-error.ts';
import {
	absenceFor,
	isBeforeConversion,
	isSuspect,
	isVideoAmongPosts,
	type Memory,
	noteRefused,
	shrinkPages,
	suspectKind,
} from '../memory.ts';
import { narrowRefusal, refusedMetrics } from '../narrow-refusal.ts';
import { type Asking, askOne } from './ask-media.ts';
import type { KnownMedia } from './media-item.ts';
import type { ListQuestion, MediaList } from './media-list.ts';

/** What is known about the media that come next. */
export type State =
	| { readonly is: 'clear' }
	/** A run was refused: one of its media is the reason. */
	| Suspicious
	/** Too many media are refused: ask for each media item of this page by itself. */
	| { readonly is: 'one-by-one' }
	/** All media that follow are older than the business account. */
	| { readonly is: 'before-conversion' };

type Suspicious = {
	readonly is: 'suspicious';
	/** Find a single media item, or the first one older than the business account. */
	readonly about: 'medium' | 'boundary';
	/** At least one of the next `span` media is refused. */
	readonly span: number;
	/** How many media the refused request asked for. */
	readonly limit: number;
	/** They were listed before it was refused. Otherwise the list may have changed in between, and the reason may be gone. */
	readonly wasListed: boolean;
	readonly error: InsightsError;
	/** The largest run that was read since. */
	readonly read: number;
};

/** A list that is being read. */
export type Reading = {
	readonly question: ListQuestion;
	readonly asking: Asking;
	readonly list: MediaList;
	state: State;
	/** Grows with each media item that bisecting found; 0 again after a run that was read. */
	exceptions: number;
	/** The media ahead that bisecting found, by id, with what is known about them. */
	readonly found: Map<string, KnownMedia>;
};

/** How many of the next media take the same metrics together, and which, as far as is known. */
export function nextRun(
	ahead: readonly MediaFields[],
	metrics: readonly string[],
	{ asking: { memory }, found }: Reading,
): { readonly metrics: readonly string[]; readonly count: number } {
	const takenBy = (media: MediaFields) =>
		metrics.filter(
			(metric) =>
				!found.get(media.id)?.known.has(metric) &&
				absenceFor(metric, media, memory) === null &&
				!isSuspect(metric, media, memory),
		);
	const [first] = ahead;
	if (!first) return { metrics, count: Number.POSITIVE_INFINITY };
	const taken = takenBy(first);
	const other = ahead.findIndex((media) => takenBy(media).join() !== taken.join());
	return { metrics: taken, count: other < 0 ? ahead.length : other };
}

/** Bisecting pays off only while exceptions are rare: it ends after three in a row without a reason, or nine with a named metric. */
const EXCEPTION = { withoutCause: 3, namesMetric: 1, most: 9 } as const;

/** Errors that stay after retries: one media item is the reason, or a page that is too heavy although the host does not say so. */
export const BROKEN: readonly InsightsErrorKind[] = ['transient', 'answer-unreadable'];

/**
 * How many of the next media to ask for at once, so that the suspect is found with the fewest requests. Pure.
 *
 * @param ahead the media that follow, as far as they are listed
 * @param most upper limit for any request
 */
export function chooseRun(
	most: number,
	ahead: readonly MediaFields[],
	suspicion: Pick<Suspicious, 'about' | 'span'> | null,
): number {
	if (suspicion === null) return most;
	const { about, span } = suspicion;
	const half = about === 'boundary' ? Math.floor(span / 2) : halfOfSuspects(ahead, span);
	return Math.max(1, Math.min(most, half));
}

/** Suspect videos among posts first. The run ends before such a video, so that the last suspect is left alone. */
function halfOfSuspects(ahead: readonly MediaFields[], span: number): number {
	const suspects = ahead.slice(0, span).flatMap((media, index) => (isVideoAmongPosts(media) ? index : []));
	const middle = suspects[Math.floor(suspects.length / 2)];
	if (middle === undefined) return Math.floor(span / 2);
	return middle === 0 ? 1 : middle;
}

/** Learn from the refusal of a run: which metric to leave out, how large a page may be, or that one of its media is refused. */
export async function learnFrom(
	error: InsightsError,
	reading: Reading,
	{ metrics, limit }: { readonly metrics: readonly string[]; readonly limit: number },
): Promise<void> {
	const { asking, list, state } = reading;
	const { memory } = asking;
	if (error.kind === 'unknown-metric' && leaveOutUnknown(error, metrics, memory)) return;
	const isTooHeavy = error.kind === 'too-much-data' || (BROKEN.includes(error.kind) && list.nestedSize.raised);
	if (isTooHeavy && limit > 1) return shrinkPages(list.nestedSize, limit / 2);
	const read = state.is === 'suspicious' ? state.read : 0;
	const wasListed = list.ahead.length >= limit;
	const isOfAge = error.kind === 'before-conversion';
	// If a list without insights is refused too, the refusal is not about one media item and ends the list.
	if (!isOfAge || memory.convertedAfter !== null) await list.lookAhead(limit);
	const asked = list.ahead.slice(0, limit);
	if (isOfAge && asked.some((media) => isBeforeConversion(media, memory))) return;
	const about = isOfAge ? 'boundary' : 'medium';
	reading.state = { is: 'suspicious', about, span: limit, limit, wasListed, error, read };
	if (isOfAge) return;
	for (const media of asked) suspectKind(media, refusedMetrics(error, metrics), memory.kinds);
	if (asked.some((media) => nextRun([media], metrics, reading).metrics.length < metrics.length)) {
		memory.kinds.explain = true;
		reading.state = { is: 'clear' };
	} else if (reading.question.edge === 'stories') reading.state = { is: 'one-by-one' };
}

/** Remember the metrics that the host does not know: those named, or the only one that the catalog does not know. */
function leaveOutUnknown(error: InsightsError, metrics: readonly string[], { kinds }: Memory): boolean {
	const named = refusedMetrics(error, metrics);
	const outside = metrics.filter((metric) => !mediaMetricRow(metric));
	const unknown = named.length > 0 ? named : outside.length === 1 ? outside : [];
	for (const metric of unknown) kinds.unknownMetrics.set(metric, absenceOf(error));
	return unknown.length > 0;
}

/** The state after `count` more media were read. */
export function withoutRead(state: State, count: number): State {
	if (state.is !== 'suspicious') return state;
	const span = state.span - count;
	return span > 0 ? { ...state, span, read: Math.max(state.read, count) } : { is: 'clear' };
}

/**
 * Whether the next media item is the suspect, because no other is left. It must have been refused by itself if it is not
 * listed yet, or if all media that follow would count as older than the business account.
 */
export function isFound({ span, limit, about }: Suspicious, ahead: readonly MediaFields[]): boolean {
	return span <= 1 && (limit <= 1 || (about === 'medium' && ahead.length > 0));
}

/** Whether the host may be one that accepts no nested insights: nesting has never worked, and the refusal fits. */
export function mayBeNesting({ about, error }: Suspicious, metrics: readonly string[], { nesting }: Memory): boolean {
	if (about !== 'medium' || nesting !== 'untried') return false;
	return !['unsupported-metric', 'too-much-data'].includes(error.kind) && refusedMetrics(error, metrics).length === 0;
}

/** The next media item is the suspect: note the metrics that the refusal names, or ask for it by itself. */
export async function settle(reading: Reading, state: Suspicious, metrics: readonly string[]): Promise<void> {
	const { asking, list, found } = reading;
	reading.state = { is: state.about === 'boundary' ? 'before-conversion' : 'clear' };
	if (state.about === 'boundary') return;
	await list.lookAhead(1);
	const [media] = list.ahead;
	if (!media) return;
	const before = found.get(media.id) ?? { media, known: new Map() };
	const open = metrics.filter((metric) => !before.known.has(metric));
	const named = refusedMetrics(state.error, open);
	reading.exceptions += named.length > 0 ? EXCEPTION.namesMetric : EXCEPTION.withoutCause;
	if (reading.exceptions >= EXCEPTION.most) {
		reading.exceptions = 0;
		reading.state = { is: 'one-by-one' };
	}
	if (named.length > 0 && (state.limit === 1 || state.wasListed)) {
		noteRefused(media, named, state.error, asking.memory);
		found.set(media.id, withRefused(before, named, state.error));
		return;
	}
	const asked = await askSuspect(reading, before, { state, metrics: open });
	// If the host accepts no nested insights, it is asked again with the others.
	if (asking.memory.nesting !== 'refused') found.set(media.id, asked);
}

/** Ask for a suspect by itself. If it answers, something other than the media item was the reason of the refusal. */
async function askSuspect(
	{ asking, list }: Reading,
	one: KnownMedia,
	{ state, metrics }: { readonly state: Suspicious; readonly metrics: readonly string[] },
): Promise<KnownMedia> {
	const { error, limit, read } = state;
	const { memory } = asking;
	const isBroken = BROKEN.includes(error.kind);
	if (limit === 1 && memory.nesting === 'works' && !isBroken && narrowRefusal(error, metrics).action === 'fail') {
		return { ...withRefused(one, metrics, error), error };
	}
	const asked = await askOne(one, metrics, asking);
	const answers = metrics.map((metric) => asked.known.get(metric));
	const isRefused = answers.some((answer) => answer?.shape === 'absent' && answer.reason !== 'no-data');
	if (asked.raw.length !== 1 || asked.error || isRefused) return asked;
	if (limit === 1 && mayBeNesting(state, metrics, memory)) memory.nesting = 'refused';
	// It answers, like all before it: the reason was the size of the page, not a media item.
	else if (isBroken) shrinkPages(list.nestedSize, read > 0 ? read : limit / 2);
	return asked;
}

function withRefused({ media, known }: KnownMedia, metrics: readonly string[], error: InsightsError): KnownMedia {
	const gone = metrics.map((metric) => [metric, absent(metric, absenceOf(error))] as const);
	return { media, known: new Map([...known, ...gone]) };
}
