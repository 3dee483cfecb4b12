import { mediaMetricRow } from '../../catalog/media-metric.ts';
import type { MediaFields } from '../../graph/media-answer.ts';
import { refusedMetrics } from '../../graph/refused-metrics.ts';
import type { InsightsError, InsightsErrorKind } from '../../insights-error.ts';
import { absenceOf, absent } from '../absence.ts';
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
import { narrowRefusal } from '../narrow-refusal.ts';
import { type Asking, askOne } from './ask-media.ts';
import type { KnownMedia } from './media-item.ts';
import type { ListQuestion, MediaList } from './media-list.ts';

/** What is known against the media that come next. */
export type State =
	| { readonly is: 'clear' }
	/** A run was refused. */
	| Suspicious
	/** Too many refuse: those of this page are asked each by itself. */
	| { readonly is: 'one-by-one' }
	/** Everything that follows is older than the business account. */
	| { readonly is: 'before-conversion' };

type Suspicious = {
	readonly is: 'suspicious';
	/** Single media, or the first from before the business account. */
	readonly about: 'medium' | 'boundary';
	/** At least one of so many of the next media refuses. */
	readonly span: number;
	/** How many media the refused request asked for. */
	readonly limit: number;
	readonly error: InsightsError;
	/** The largest run that was read meanwhile. */
	readonly read: number;
};

/** A list that is being read. */
export type Reading = {
	readonly question: ListQuestion;
	readonly asking: Asking;
	readonly list: MediaList;
	state: State;
	/** Rises with every medium that bisecting found, falls to 0 with the next run that could be read. */
	exceptions: number;
	/** Media ahead that bisecting found, by id, with what they cannot answer. */
	readonly found: Map<string, KnownMedia>;
};

/** How many of the next media are alike, and the metrics that they take together, as far as is known. */
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

/** Bisecting pays while exceptions are rare: not after three in a row without a cause, or nine that name a metric. */
const EXCEPTION = { withoutCause: 3, namesMetric: 1, most: 9 } as const;

/** What still fails when it was repeated: one medium is the cause, or a page too heavy for a host that does not say so. */
export const BROKEN: readonly InsightsErrorKind[] = ['transient', 'answer-unreadable'];

/**
 * How many of the next media to ask for at once, so that the suspect is found with the fewest requests. Pure.
 *
 * @param ahead what is known of the media that follow, possibly nothing
 * @param most the most that may be asked for anyhow
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

/** Old videos among posts are suspected first; the run ends before one, so that the last suspect stands alone. */
function halfOfSuspects(ahead: readonly MediaFields[], span: number): number {
	const suspects = ahead.slice(0, span).flatMap((media, index) => (isVideoAmongPosts(media) ? index : []));
	const middle = suspects[Math.floor(suspects.length / 2)];
	if (middle === undefined) return Math.floor(span / 2);
	return middle === 0 ? 1 : middle;
}

/** Learn from the refusal of a run: what to leave out, how large a page may be, or that one of its media refuses. */
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
	const isOfAge = error.kind === 'before-conversion';
	// Where no plain list comes either, it is not about one medium: that refusal ends the list.
	if (!isOfAge || memory.convertedAfter !== null) await list.lookAhead(limit);
	const asked = list.ahead.slice(0, limit);
	if (isOfAge && asked.some((media) => isBeforeConversion(media, memory))) return;
	reading.state = { is: 'suspicious', about: isOfAge ? 'boundary' : 'medium', span: limit, limit, error, read };
	if (isOfAge) return;
	for (const media of asked) suspectKind(media, refusedMetrics(error, metrics), memory.kinds);
	if (asked.some((media) => nextRun([media], metrics, reading).metrics.length < metrics.length)) {
		memory.kinds.explain = true;
		reading.state = { is: 'clear' };
	} else if (reading.question.edge === 'stories') reading.state = { is: 'one-by-one' };
}

/** Whether the metrics are known that the host does not know: the named ones, or the only one outside the catalog. */
function leaveOutUnknown(error: InsightsError, metrics: readonly string[], { kinds }: Memory): boolean {
	const named = refusedMetrics(error, metrics);
	const outside = metrics.filter((metric) => !mediaMetricRow(metric));
	const unknown = named.length > 0 ? named : outside.length === 1 ? outside : [];
	for (const metric of unknown) kinds.unknownMetrics.set(metric, absenceOf(error));
	return unknown.length > 0;
}

/** The state behind so many media that were read. */
export function withoutRead(state: State, count: number): State {
	if (state.is !== 'suspicious') return state;
	const span = state.span - count;
	return span > 0 ? { ...state, span, read: Math.max(state.read, count) } : { is: 'clear' };
}

/**
 * Only the next medium is left. Where the kinds are known, it is known which; elsewhere, and before all that follow are
 * called old, it must have been refused by itself.
 */
export function isFound({ span, limit, about }: Suspicious, ahead: readonly MediaFields[]): boolean {
	return span <= 1 && (limit <= 1 || (about === 'medium' && ahead.length > 0));
}

/** A refusal that a host may give which takes no nested insights, and nesting never seen to work. */
export function mayBeNesting({ about, error }: Suspicious, metrics: readonly string[], { nesting }: Memory): boolean {
	if (about !== 'medium' || nesting !== 'untried') return false;
	return !['unsupported-metric', 'too-much-data'].includes(error.kind) && refusedMetrics(error, metrics).length === 0;
}

/** The next medium is the one that refuses: note the metrics that the refusal names, or ask it by itself. */
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
	if (named.length > 0) {
		noteRefused(media, named, state.error, asking.memory);
		found.set(media.id, withRefused(before, named, state.error));
		return;
	}
	const asked = await askSuspect(reading, before, { state, metrics: open });
	// Where the host takes no nested insights, it is asked again with the others.
	if (asking.memory.nesting !== 'refused') found.set(media.id, asked);
}

/** Ask a medium by itself, which also tells whether something else than the medium is the cause of the refusal. */
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
	// It answers, as all before it did: not a medium was the cause, but the size of the page.
	else if (isBroken) shrinkPages(list.nestedSize, read > 0 ? read : limit / 2);
	return asked;
}

function withRefused({ media, known }: KnownMedia, metrics: readonly string[], error: InsightsError): KnownMedia {
	const gone = metrics.map((metric) => [metric, absent(metric, absenceOf(error))] as const);
	return { media, known: new Map([...known, ...gone]) };
}
