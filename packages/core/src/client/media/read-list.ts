import { fieldsOf, type MediaFields, type MediaNode } from '../../graph/media-answer.ts';
import { absent, type Insight } from '../../insight/insight.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { isInsightsError } from '../../insights-error.ts';
import { absenceFor, BEFORE_CONVERSION, isBeforeConversion, noteAnswered, noteBeforeConversion } from '../memory.ts';
import { noteRead } from '../nothing-came.ts';
import { concernsAllMedia } from '../session/batch.ts';
import { type Asking, askOne } from './ask-media.ts';
import {
	BROKEN,
	chooseRun,
	isFound,
	learnFrom,
	mayBeNesting,
	nextRun,
	type Reading,
	settle,
	withoutRead,
} from './bisect.ts';
import { byMetric, type KnownMedia, type ListPart } from './media-item.ts';
import { type ListQuestion, openList } from './media-list.ts';

/**
 * Read a list of media, newest first, with the nested metrics, in as few requests as possible.
 *
 * 1. As long as nothing is refused, each page is one request with nested insights.
 * 2. After the first refusal, the page is listed without insights.
 * 3. If the kind of some media explains the refusal, each run of media of like kinds is asked for the metrics it has.
 * 4. Otherwise bisecting finds the media item that is refused, and it is asked for by itself.
 * 5. From the first media item that is older than the business account on, nothing more is asked.
 *
 * What is learned stays in the client's memory. Each media item is returned exactly once, in the order of the list. What
 * nesting could not read is not in `known`: the caller asks for it.
 *
 * @throws {InsightsError} what concerns the whole list: token, rate limit, connection, or a list that is refused without insights too
 */
export async function* readList(question: ListQuestion, asking: Asking): AsyncGenerator<ListPart> {
	const list = openList(question, asking);
	const found = new Map<string, KnownMedia>();
	const reading: Reading = { question, asking, list, state: { is: 'clear' }, exceptions: 0, found };
	while (!list.ended && question.wanted() > 0) {
		const media = await readNext(reading);
		if (media !== null) yield { media: list.onlyNew(media), raw: list.takeRaw() };
	}
}

/** One step: the next media, or null after a refusal or a look ahead. */
async function readNext(reading: Reading): Promise<readonly KnownMedia[] | null> {
	const { question, asking, list, state } = reading;
	const { kinds, nesting } = asking.memory;
	const metrics = question.metrics.filter((metric) => !kinds.unknownMetrics.has(metric));
	const most = Math.min(asking.pageSize, question.wanted());
	const isPlain = state.is === 'before-conversion' || state.is === 'one-by-one';
	if (metrics.length === 0 || nesting === 'refused' || isPlain) return readPlainly(reading, most);
	const suspicion = state.is === 'suspicious' ? state : null;
	if (suspicion && isFound(suspicion, list.ahead)) {
		await settle(reading, suspicion, metrics);
		return null;
	}
	const run = nextRun(list.ahead, metrics, reading);
	if ((kinds.explain || asking.listFirst) && !suspicion && run.count >= list.ahead.length) {
		const known = list.ahead.length;
		// One short of a page is enough: `skip` leaves that many.
		if (known === 0 || known < most - 1) await list.lookAhead(known + 1);
		if (list.ahead.length > known || list.ended) return null;
	}
	if (run.metrics.length === 0) return stepOver(reading, run.count);
	const room = Math.min(most, list.nestedSize.cap, run.count);
	// A single media item shows whether the host accepts no nested insights or a media item in the page is the reason.
	const isOne = suspicion !== null && mayBeNesting(suspicion, metrics, asking.memory);
	return readRun(reading, run.metrics, isOne ? 1 : chooseRun(room, list.ahead, suspicion));
}

/** Read the next media with their numbers in one request, or learn from the refusal (null). */
async function readRun(
	reading: Reading,
	metrics: readonly string[],
	limit: number,
): Promise<readonly KnownMedia[] | null> {
	const { asking, list } = reading;
	const [expected] = list.ahead;
	let nodes: readonly MediaNode[];
	try {
		nodes = await list.readNested(metrics, limit);
	} catch (error) {
		if (!isInsightsError(error) || concernsAllMedia(error, asking.tally.answered > 0)) throw error;
		await learnFrom(error, reading, { metrics, limit });
		return null;
	}
	const isIgnored = await isNestingIgnored(nodes, metrics, asking);
	reading.state = withoutRead(reading.state, nodes.length);
	reading.exceptions = 0;
	if (isIgnored) return nodes.map((node) => ({ media: fieldsOf(node), known: new Map() }));
	// The list has changed and these are not the expected media: what was found before does not apply to them.
	const isAsExpected = expected === undefined || expected.id === nodes[0]?.id;
	if (!isAsExpected) reading.found.clear();
	return nodes.map((node) => {
		const media = fieldsOf(node);
		noteAnswered(media, metrics, asking.memory);
		const insights = readInsights(node.insights?.data ?? [], { metrics });
		const error = noteRead(asking.tally, media, insights);
		const read = isAsExpected ? withLacking(reading, media, insights) : { media, known: byMetric(insights) };
		return error ? { ...read, error } : read;
	});
}

/** Move past media that cannot be asked for any of the metrics together. */
async function stepOver(reading: Reading, count: number): Promise<readonly KnownMedia[] | null> {
	const { asking, list } = reading;
	const [next] = list.ahead;
	if (next && isBeforeConversion(next, asking.memory)) {
		reading.state = { is: 'before-conversion' };
		return null;
	}
	const skipped = await list.skip(count, { mayList: reading.state.is === 'clear' });
	if (skipped.length === 0) reading.found.clear();
	reading.state = withoutRead(reading.state, skipped.length);
	return skipped.map((media) => withLacking(reading, media, []));
}

/** Return the next media without numbers: they are too old to have any, or the caller asks for them one by one. */
async function readPlainly(reading: Reading, most: number): Promise<readonly KnownMedia[] | null> {
	const { asking, list, question } = reading;
	await list.lookAhead(1, most);
	const [newest] = list.ahead;
	if (!newest) return null;
	const media = await list.skip(list.ahead.length, { mayList: false });
	if (reading.state.is !== 'before-conversion') {
		reading.state = { is: 'clear' };
		return media.map((one) => withLacking(reading, one, []));
	}
	noteBeforeConversion(newest, asking.memory);
	const known = byMetric(question.metrics.map((metric) => absent(metric, BEFORE_CONVERSION)));
	return media.map((one) => ({ media: one, known }));
}

/**
 * Whether the host silently left out nested insights, as graph.instagram.com does with unknown fields. If media come
 * without them, one is asked for by itself. If it has numbers, nesting does not work. If it is refused, nesting does not
 * work either: a refused media item would have failed the page.
 */
async function isNestingIgnored(
	nodes: readonly MediaNode[],
	metrics: readonly string[],
	asking: Asking,
): Promise<boolean> {
	const { memory } = asking;
	const [first] = nodes;
	if (!first || memory.nesting !== 'untried') return false;
	if (nodes.some(({ insights }) => insights)) {
		memory.nesting = 'works';
		return false;
	}
	const { raw, known, error } = await askOne({ media: fieldsOf(first), known: new Map() }, metrics, asking);
	const isEmpty = raw.length === 1 && !error && [...known.values()].every(({ shape }) => shape === 'absent');
	// A passing error proves nothing: read these media one by one, and decide with the next page.
	if (!error || !BROKEN.includes(error.kind)) memory.nesting = isEmpty ? 'works' : 'refused';
	return !isEmpty;
}

/** A media item with what was read, and with the reasons of what it is known to lack. */
function withLacking({ asking, question, found }: Reading, media: MediaFields, read: readonly Insight[]): KnownMedia {
	const lacking = question.metrics.flatMap((metric) => {
		const absence = absenceFor(metric, media, asking.memory);
		return absence ? absent(metric, absence) : [];
	});
	const { known, error } = found.get(media.id) ?? {};
	return { media, known: byMetric([...lacking, ...(known?.values() ?? []), ...read]), error };
}
