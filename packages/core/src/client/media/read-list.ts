import { mediaMetricRow } from '../../catalog/media-metric.ts';
import type { MediaFields, MediaNode } from '../../graph/media-answer.ts';
import { refusedMetrics } from '../../graph/refused-metrics.ts';
import type { Insight } from '../../insight/insight.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { type InsightsError, type InsightsErrorKind, isInsightsError } from '../../insights-error.ts';
import { type Absence, absenceOf, absent } from '../absence.ts';
import { narrowRefusal } from '../account/narrow-refusal.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { concernsAll } from '../session/batch.ts';
import { type AskedMedia, askMedia, type Tally } from './ask-media.ts';
import { chooseRun } from './bisect.ts';
import {
	absenceFor,
	BEFORE_CONVERSION,
	isBeforeConversion,
	isSuspect,
	noteAnswered,
	noteBeforeConversion,
	noteRefused,
	suspectKind,
} from './media-kind.ts';
import { fieldsOf, type ListQuestion, type MediaList, openList } from './media-list.ts';
import { shrinkPages } from './page-size.ts';

/** One medium of a list with what is known of it; metrics that are not in `known` are still to be asked for. */
export type KnownMedia = {
	readonly media: MediaFields;
	readonly known: ReadonlyMap<string, Insight>;
	/** The refusal of the medium as a whole, where there was one. */
	readonly error?: InsightsError | undefined;
};

/** Some media of a list, and the bodies they were read from. */
export type ListPart = { readonly media: readonly KnownMedia[]; readonly raw: readonly unknown[] };

/** What is known against the media that come next. */
type State =
	| { readonly is: 'clear' }
	/** A run of `limit` media was refused; at least one of the next `span` refuses, or is older than the business account. */
	| {
			readonly is: 'suspicious';
			readonly about: 'medium' | 'boundary';
			readonly span: number;
			readonly limit: number;
			readonly error: InsightsError;
			/** The largest run that was read meanwhile. */
			readonly read: number;
	  }
	/** Too many refuse: those of this page are asked each by itself. */
	| { readonly is: 'one-by-one' }
	/** Everything that follows is older than the business account. */
	| { readonly is: 'before-conversion' };
type Suspicious = Extract<State, { is: 'suspicious' }>;

type Reading = {
	readonly question: ListQuestion;
	readonly context: ClientContext;
	readonly options: QuestionOptions;
	readonly tally: Tally;
	readonly list: MediaList;
	state: State;
	/** Rises with every medium that bisecting found, falls to 0 with the next run that could be read. */
	exceptions: number;
};

/** Bisecting pays while exceptions are rare: not after three in a row without a cause, or nine that name a metric. */
const EXCEPTION = { withoutCause: 3, namesMetric: 1, most: 9 } as const;

/** What still fails when it was repeated: one medium is the cause, or a page too heavy for a host that does not say so. */
const BROKEN: readonly InsightsErrorKind[] = ['transient', 'answer-unreadable'];

/**
 * Read a list of media, newest first, and the metrics nested in it in the fewest requests.
 *
 * As long as nothing is refused, a page is a request. The first refusal has the page listed plainly; media whose kind
 * explains it are asked for what their kind has; elsewhere the one that refuses is found by bisecting and asked by
 * itself; the first medium from before the business account ends the asking. What is learnt stays in the client's
 * memory. Every medium comes exactly once, in the order of the list; what nesting could not read is left for the caller
 * to ask for (it is not in `known`).
 *
 * @throws {InsightsError} what concerns the whole list: token, rate limit, connection, or no plain list either
 */
export async function* readList(
	question: ListQuestion,
	context: ClientContext,
	options: QuestionOptions,
	tally: Tally,
): AsyncGenerator<ListPart> {
	const list = openList(question, context, options);
	const reading: Reading = { question, context, options, tally, list, state: { is: 'clear' }, exceptions: 0 };
	while (!list.ended && question.wanted() > 0) {
		const media = await readNext(reading);
		if (media !== null) yield { media: list.onlyNew(media), raw: list.takeRaw() };
	}
}

/** One request onward, or one lesson learnt (null). */
async function readNext(reading: Reading): Promise<readonly KnownMedia[] | null> {
	const { question, context, list, state } = reading;
	const { memory } = context;
	const metrics = question.metrics.filter((metric) => !memory.kinds.unknownMetrics.has(metric));
	const most = Math.min(context.pageSize, question.wanted());
	if (metrics.length === 0 || memory.nesting === 'refused') return readPlainly(reading, most);
	switch (state.is) {
		case 'before-conversion':
		case 'one-by-one':
			return readPlainly(reading, most);
		case 'suspicious':
			if (isFound(state, list)) return settle(reading, state, metrics);
			break;
		case 'clear':
			break;
		default:
			return state satisfies never;
	}
	const run = nextRun(list.ahead, metrics, context);
	const isListedFirst = memory.kinds.explain || context.listFirst;
	if (isListedFirst && state.is === 'clear' && run.count === list.ahead.length && run.count < most) {
		const known = list.ahead.length;
		await list.lookAhead(known + 1);
		if (list.ahead.length > known || list.ended) return null;
	}
	if (run.metrics.length === 0) return stepOver(reading, run.count);
	const room = Math.min(most, list.nestedSize.cap, list.ahead.length > 0 ? run.count : most);
	return readRun(reading, run.metrics, limitOf(reading, room, metrics));
}

/** How many of the next media are of one mind, and the metrics that they take together, as far as their kinds tell. */
function nextRun(ahead: readonly MediaFields[], metrics: readonly string[], { memory }: ClientContext) {
	const takenBy = (media: MediaFields) =>
		metrics.filter((metric) => absenceFor(metric, media, memory) === null && !isSuspect(metric, media, memory));
	const [first] = ahead;
	if (!first) return { metrics, count: 0 };
	const taken = takenBy(first);
	const other = ahead.findIndex((media) => takenBy(media).join() !== taken.join());
	return { metrics: taken, count: other < 0 ? ahead.length : other };
}

/** One medium tells a host that takes no nested insights from a page with a bad medium in it. */
function limitOf({ state, list, context }: Reading, room: number, metrics: readonly string[]): number {
	if (state.is !== 'suspicious') return room;
	return state.span === 1 || mayBeNesting(state, metrics, context) ? 1 : chooseRun(room, list.ahead, state);
}

/** A refusal that a host may give which takes no nested insights, and nesting never seen to work. */
function mayBeNesting({ about, error }: Suspicious, metrics: readonly string[], { memory }: ClientContext): boolean {
	const isExplained = error.kind === 'unsupported-metric' || error.kind === 'too-much-data';
	return (
		about === 'medium' && memory.nesting === 'untried' && !isExplained && refusedMetrics(error, metrics).length === 0
	);
}

/** Read the next media with their numbers in one request, or learn from the refusal (null). */
async function readRun(
	reading: Reading,
	metrics: readonly string[],
	limit: number,
): Promise<readonly KnownMedia[] | null> {
	const { context, list, tally } = reading;
	const [expected] = list.ahead;
	let nodes: readonly MediaNode[];
	try {
		nodes = await list.readNested(metrics, limit);
	} catch (error) {
		if (!isInsightsError(error) || concernsAll(error)) throw error;
		await learnFrom(error, reading, { metrics, limit });
		return null;
	}
	const isIgnored = context.memory.nesting === 'untried' && (await isNestingIgnored(nodes, metrics, reading));
	clearSuspicion(reading, nodes.length);
	reading.exceptions = 0;
	if (isIgnored) return nodes.map((node) => ({ media: fieldsOf(node), known: new Map() }));
	tally.answered += nodes.length;
	// A list that has changed brings others than the run was meant for: they may have more metrics.
	const lacking = expected?.id === nodes[0]?.id ? reading.question.metrics.filter((one) => !metrics.includes(one)) : [];
	return nodes.map((node) => {
		const media = fieldsOf(node);
		noteAnswered(media, metrics, context.memory);
		return known(media, [
			...readInsights(node.insights?.data ?? [], { metrics }),
			...lackedBy(media, lacking, context),
		]);
	});
}

/** Learn from the refusal of a run: what to leave out, how large a page may be, or that one of its media refuses. */
async function learnFrom(
	error: InsightsError,
	reading: Reading,
	{ metrics, limit }: { readonly metrics: readonly string[]; readonly limit: number },
): Promise<void> {
	const { context, list, state } = reading;
	const { memory } = context;
	if (error.kind === 'unknown-metric' && leaveOutUnknown(error, metrics, memory.kinds.unknownMetrics)) return;
	const isTooHeavy = error.kind === 'too-much-data' || (BROKEN.includes(error.kind) && list.nestedSize.raised);
	if (isTooHeavy && limit > 1) return shrinkPages(list.nestedSize, limit / 2);
	const read = state.is === 'suspicious' ? state.read : 0;
	if (error.kind === 'before-conversion') {
		if (memory.convertedAfter !== null) {
			await list.lookAhead(limit);
			if (list.ahead.slice(0, limit).some((media) => isBeforeConversion(media, memory))) return;
		}
		reading.state = { is: 'suspicious', about: 'boundary', span: limit, limit, error, read };
		return;
	}
	// Where no plain list comes either, it is not about one medium: that refusal ends the list.
	await list.lookAhead(limit);
	const asked = list.ahead.slice(0, limit);
	const named = refusedMetrics(error, metrics);
	for (const media of asked) suspectKind(media, named, memory.kinds);
	if (asked.some((media) => nextRun([media], metrics, context).metrics.length < metrics.length)) {
		memory.kinds.explain = true;
		reading.state = { is: 'clear' };
	} else if (reading.question.edge === 'stories') reading.state = { is: 'one-by-one' };
	else reading.state = { is: 'suspicious', about: 'medium', span: limit, limit, error, read };
}

/** Whether the metrics are known that the host does not know: the named ones, or the only one outside the catalog. */
function leaveOutUnknown(error: InsightsError, metrics: readonly string[], unknown: Map<string, Absence>): boolean {
	const named = refusedMetrics(error, metrics);
	const outside = metrics.filter((metric) => !mediaMetricRow(metric));
	const found = named.length > 0 ? named : outside.length === 1 ? outside : [];
	for (const metric of found) unknown.set(metric, absenceOf(error));
	return found.length > 0;
}

/** So many of the suspects were read. */
function clearSuspicion(reading: Reading, count: number): void {
	const { state } = reading;
	if (state.is !== 'suspicious') return;
	const span = state.span - count;
	reading.state = span > 0 ? { ...state, span, read: Math.max(state.read, count) } : { is: 'clear' };
}

/**
 * Only the next medium is left. Where the kinds are known, it is known which; elsewhere, and before all that follow are
 * called old, it must have been refused by itself.
 */
function isFound({ span, limit, about }: Suspicious, { ahead }: MediaList): boolean {
	return span <= 1 && (limit <= 1 || (about === 'medium' && ahead.length > 0));
}

/** The next medium is the one that refuses: read what the refusal leaves of it, or ask it by itself. */
async function settle(
	reading: Reading,
	state: Suspicious,
	metrics: readonly string[],
): Promise<readonly KnownMedia[] | null> {
	const { list } = reading;
	const { memory } = reading.context;
	const { error } = state;
	if (state.about === 'boundary') {
		reading.state = { is: 'before-conversion' };
		return null;
	}
	reading.state = { is: 'clear' };
	await list.lookAhead(1);
	const [media] = list.ahead;
	if (!media) return null;
	const named = refusedMetrics(error, metrics);
	reading.exceptions += named.length > 0 ? EXCEPTION.namesMetric : EXCEPTION.withoutCause;
	const rest = metrics.filter((metric) => !named.includes(metric));
	if (named.length > 0 && rest.length > 0) {
		const read = await readAlone(reading, rest);
		if (read?.media.id === media.id) {
			noteRefused(media, named, error, memory);
			return [known(media, [...read.known.values(), ...named.map((metric) => absent(metric, absenceOf(error)))])];
		}
		// Another medium: the list has changed, and nothing is held against it.
		if (read) return [read];
	}
	const asked = await askSuspect(reading, media, state, metrics);
	if (reading.exceptions >= EXCEPTION.most) {
		reading.exceptions = 0;
		reading.state = { is: 'one-by-one' };
	}
	// It is read again with the others.
	if (memory.nesting === 'refused') return null;
	const skipped = await list.skip(1);
	return skipped.map(() => ({ ...known(media, asked.insights), error: asked.error }));
}

/** The next medium alone, with some metrics nested in it; null where it refuses those as well. */
async function readAlone({ list, tally }: Reading, metrics: readonly string[]): Promise<KnownMedia | null> {
	try {
		const [node] = await list.readNested(metrics, 1);
		if (!node) return null;
		tally.answered += 1;
		return known(fieldsOf(node), readInsights(node.insights?.data ?? [], { metrics }));
	} catch (error) {
		if (!isInsightsError(error) || concernsAll(error)) throw error;
		return null;
	}
}

/** Ask a medium by itself, which also tells whether something else than the medium is the cause of the refusal. */
async function askSuspect(
	{ context, options, tally, list }: Reading,
	media: MediaFields,
	state: Suspicious,
	metrics: readonly string[],
): Promise<AskedMedia> {
	const { error, limit, read } = state;
	const { memory } = context;
	const isBroken = BROKEN.includes(error.kind);
	if (limit === 1 && memory.nesting === 'works' && !isBroken && narrowRefusal(error, metrics).action === 'fail') {
		return { insights: metrics.map((metric) => absent(metric, absenceOf(error))), raw: [], error };
	}
	const [asked = { insights: [], raw: [], error: undefined }] = await askMedia(
		[{ media, metrics }],
		context,
		options,
		tally,
	);
	if (asked.raw.length !== 1 || asked.error || asked.insights.some(isRefused)) return asked;
	if (limit === 1 && mayBeNesting(state, metrics, context)) memory.nesting = 'refused';
	// It answers, as all before it did: not a medium was the cause, but the size of the page.
	else if (isBroken) shrinkPages(list.nestedSize, read > 0 ? read : limit / 2);
	return asked;
}

function isRefused(insight: Insight): boolean {
	return insight.shape === 'absent' && insight.reason !== 'no-data';
}

/** Move behind media that take none of the metrics together. */
async function stepOver(reading: Reading, count: number): Promise<readonly KnownMedia[] | null> {
	const { context, list, question } = reading;
	const [next] = list.ahead;
	if (next && isBeforeConversion(next, context.memory)) {
		reading.state = { is: 'before-conversion' };
		return null;
	}
	const skipped = await list.skip(count);
	clearSuspicion(reading, skipped.length);
	return skipped.map((media) => known(media, lackedBy(media, question.metrics, context)));
}

/** The next media without their numbers: too old to have any, or asked one by one by the caller. */
async function readPlainly(reading: Reading, most: number): Promise<readonly KnownMedia[] | null> {
	const { context, list, question } = reading;
	await list.lookAhead(1, most);
	const [newest] = list.ahead;
	if (!newest) return null;
	const media = await list.skip(list.ahead.length);
	if (reading.state.is !== 'before-conversion') {
		reading.state = { is: 'clear' };
		return media.map((one) => known(one, []));
	}
	noteBeforeConversion(newest, context.memory);
	return media.map((one) =>
		known(
			one,
			question.metrics.map((metric) => absent(metric, BEFORE_CONVERSION)),
		),
	);
}

/**
 * Whether the host left nested insights out without a word, as graph.instagram.com does with fields it does not know.
 * Where media came without them, one is asked by itself. If it has numbers, nesting does not work here; if it refuses,
 * neither: a medium that refuses would have failed the page.
 */
async function isNestingIgnored(
	nodes: readonly MediaNode[],
	metrics: readonly string[],
	{ context, options, tally }: Reading,
): Promise<boolean> {
	const { memory } = context;
	const [first] = nodes;
	if (!first) return false;
	if (nodes.some(({ insights }) => insights)) {
		memory.nesting = 'works';
		return false;
	}
	const [asked] = await askMedia([{ media: fieldsOf(first), metrics }], context, options, tally);
	const isEmpty = asked?.raw.length === 1 && asked.insights.every(({ shape }) => shape === 'absent') && !asked.error;
	// Passing trouble says nothing: these media are read apart, and the next page tells.
	if (!asked?.error || !BROKEN.includes(asked.error.kind)) memory.nesting = isEmpty ? 'works' : 'refused';
	return !isEmpty;
}

function lackedBy(media: MediaFields, metrics: readonly string[], { memory }: ClientContext): Insight[] {
	return metrics.flatMap((metric) => {
		const absence = absenceFor(metric, media, memory);
		return absence ? absent(metric, absence) : [];
	});
}

function known(media: MediaFields, insights: readonly Insight[]): KnownMedia {
	return { media, known: new Map(insights.map((insight) => [insight.metric, insight])) };
}
