// The page: sign in, read every two seconds, act.
import { api, SignedOutError, say, token } from './api.js';
import { plural, showChoices, showRows } from './elements.js';
import { subscriberItem } from './subscribers.js';
import {
	accountName,
	concernItem,
	describeFilter,
	eventItem,
	showCharts,
	showEventDetail,
	showTotals,
} from './views.js';
import { ask, describeTest, openWorkflow, showSecret } from './workflow.js';

const REFRESH_MS = 2000;
/** A search reads many events, so it is not repeated as often. */
const SEARCH_REFRESH_MS = 15_000;
const PAGE = 50;
const MOST_ROWS = 1000;

const part = (id) => document.getElementById(id);
const state = { filter: {}, rows: [], next: null, names: {}, timer: null, turn: 0 };

const query = (filter) => new URLSearchParams(Object.entries(filter)).toString();

function signOut(problem = '') {
	token.forget();
	clearTimeout(state.timer);
	part('content').hidden = true;
	part('sign-out').hidden = true;
	part('sign-in').hidden = false;
	part('sign-in-error').textContent = problem;
	part('connection').textContent = '';
	part('token').focus();
}

/** Run something, and say on the page how it went. */
async function attempt(work, done) {
	try {
		const result = await work();
		if (done !== undefined) say(done(result));
		return result;
	} catch (error) {
		if (error instanceof SignedOutError) signOut(error.message);
		else say(`Failed: ${error.message}`);
		return null;
	}
}

async function refresh() {
	clearTimeout(state.timer);
	state.turn += 1;
	const { turn } = state;
	try {
		const [overview, head] = await Promise.all([
			api('overview'),
			api(`events?${query({ ...state.filter, limit: PAGE })}`),
		]);
		// A later refresh, with another filter perhaps, has overtaken this one.
		if (turn !== state.turn) return;
		part('sign-in').hidden = true;
		part('content').hidden = false;
		part('sign-out').hidden = false;
		part('connection').textContent = 'Live';
		state.names = overview.names;
		state.overview = overview;
		showOverview(overview);
		takeHead(head);
		showEvents();
	} catch (error) {
		if (error instanceof SignedOutError) return signOut(error.message);
		part('connection').textContent = `Not connected: ${error.message}`;
	}
	const pause = state.filter.search === undefined ? REFRESH_MS : SEARCH_REFRESH_MS;
	if (turn === state.turn) state.timer = setTimeout(refresh, pause);
}

function showOverview(overview) {
	const { now, names, concerns, subscribers, accounts, totals } = overview;
	showTotals(part('totals'), overview);
	showCharts(part('charts'), overview.chart);
	showRows(
		part('concerns'),
		concerns.map((concern) => ({ concern, names, now })),
		({ concern }) => `${concern.kind} ${concern.subject}`,
		() => concernItem(actOnConcern),
	);
	part('all-well').hidden = concerns.length > 0;
	part('all-well').textContent =
		totals.pending === 0
			? 'Nothing. Every event was delivered.'
			: `Nothing. ${plural(totals.pending, 'delivery is', 'deliveries are')} under way.`;
	const known = subscribers.filter((row) => row.known).map((row) => row.subscriberId);
	const isNew = totals.events === 0 || known.length === 0;
	if (known.length === 0) part('all-well').textContent = 'Events have nowhere to go yet. Choose Add workflow below.';
	else if (totals.events === 0)
		part('all-well').textContent = 'No event has arrived yet. If you expect some, run: instagram-webhook-relay doctor';
	part('all-well').className = isNew ? 'wait' : 'good';
	showRows(
		part('subscribers'),
		subscribers.map((row) => ({ row, others: known.filter((id) => id !== row.subscriberId), now })),
		({ row }) => row.subscriberId,
		() => subscriberItem(actOnSubscriber),
	);
	part('no-subscribers').hidden = subscribers.length > 0;
	const ids = [...new Set(accounts.map(({ accountId }) => accountId))];
	showChoices(
		part('f-account'),
		ids.filter((id) => id !== '').map((id) => [id, id === '0' ? 'samples' : accountName(names, id)]),
	);
	showChoices(
		part('f-field'),
		[...new Set(accounts.map(({ field }) => field))].sort().map((field) => [field, field]),
	);
	showChoices(
		part('f-subscriber'),
		subscribers.map(({ subscriberId }) => [subscriberId, subscriberId]),
	);
	const { state: wanted } = state.filter;
	part('replay-all').textContent = wanted === 'delivered' ? 'Replay delivered…' : 'Replay dead deliveries…';
	part('replay-all').disabled =
		wanted === 'pending' || (wanted === 'delivered' ? state.rows.length === 0 : totals.dead === 0);
	part('clear').disabled = Object.keys(state.filter).length === 0;
}

/** The newest page replaces what it covers; older pages that were asked for stay. */
function takeHead({ rows, next }) {
	const oldest = next === null ? 0 : Math.min(next, ...rows.map(({ seq }) => seq));
	const older = state.rows.filter(({ seq }) => seq < oldest);
	if (older.length === 0) state.next = next;
	state.rows = [...rows, ...older].slice(0, MOST_ROWS);
}

function showEvents() {
	const { rows, names, next } = state;
	const { now } = state.overview;
	showRows(
		part('events'),
		rows.map((row) => ({ row, names, now })),
		({ row }) => row.eventId,
		() => eventItem(openEvent),
	);
	part('no-events').hidden = rows.length > 0;
	part('no-events').textContent =
		next !== null
			? 'Nothing found yet. Choose Search older to look further back.'
			: Object.keys(state.filter).length > 0
				? 'No event matches.'
				: 'No event has arrived yet.';
	part('more').hidden = next === null || rows.length >= MOST_ROWS;
	part('more').textContent = state.filter.search === undefined ? 'Show older' : 'Search older';
}

async function replayAll(order, what) {
	const { matching, warning = '' } = (await attempt(() => api('replay', { ...order, dryRun: true }))) ?? {};
	if (matching === undefined) return;
	if (matching === 0) return say('Nothing to replay.');
	const title = `Replay ${plural(matching, 'delivery', 'deliveries')}?`;
	if ((await ask(title, `${what}. Each workflow runs again. ${warning}`.trim(), `Replay ${matching}`)) !== null) {
		await attempt(
			() => api('replay', order),
			({ replayed }) => `${plural(replayed, 'delivery waits', 'deliveries wait')} again.`,
		);
	}
	await refresh();
}

const edit = (subscriber) => attempt(() => openWorkflow({ refresh, subscriber, overview: state.overview }));

/** What the buttons of a subscriber do, and what the page says afterwards. */
async function actOnSubscriber(action, row, target) {
	const { subscriberId: id, pending } = row;
	if (action === 'replay') return replayAll({ subscriber: id, state: 'dead' }, `Dead deliveries of ${id}`);
	if (action === 'edit') return edit(row);
	const path = `subscribers/${encodeURIComponent(id)}`;
	const waiting = plural(pending, 'waiting delivery', 'waiting deliveries');
	const questions = {
		drop: [`Drop what waits for ${id}?`, 'It will not be delivered. The events stay until retention ends.', 'Drop'],
		remove: [`Remove ${id}?`, 'It gets no more events.', 'Remove', pending > 0 ? `Also drop its ${waiting}` : null],
		secret: [
			`Make a new secret for ${id}?`,
			'Deliveries are signed with the new and the current one, so nothing is lost until you have entered the new one.',
			'Make secret',
		],
	};
	const answer = questions[action] === undefined ? { checked: false } : await ask(...questions[action]);
	if (answer === null) return;
	const doThis = {
		remove: () => api(path, { waiting: answer.checked ? 'drop' : 'keep' }, 'DELETE'),
		redirect: () => api(`${path}/redirect`, { to: target }),
	};
	const words = {
		pause: () => `Paused ${id}. Its deliveries wait.`,
		resume: () => `Resumed ${id}.`,
		drop: ({ dropped }) => `Dropped ${plural(dropped, 'delivery', 'deliveries')}.`,
		redirect: ({ redirected, left }) =>
			`Sent ${redirected} to ${target}${left > 0 ? `. ${left} stay, because ${target} does not want them` : ''}.`,
		remove: () => `Removed ${id}.`,
		test: describeTest,
		secret: () => `Made a new secret for ${id}.`,
	};
	const result = await attempt(doThis[action] ?? (() => api(`${path}/${action}`, {})), words[action]);
	if (action === 'secret' && result !== null) showSecret({ title: `New secret for ${id}`, id, secret: result.secret });
	await refresh();
}

async function actOnConcern({ kind, subject }) {
	if (kind === 'dead') return actOnSubscriber('replay', { subscriberId: subject });
	if (kind === 'paused') return actOnSubscriber('resume', { subscriberId: subject });
	await attempt(
		() => api('concerns/dismiss', { kind, subject }),
		() => 'Dismissed.',
	);
	await refresh();
}

async function openEvent(id, target) {
	const detail = await attempt(() => api(`events/${encodeURIComponent(id)}`));
	if (detail === null) return;
	showEventDetail(target, detail, state.names, async (subscriber) => {
		await attempt(
			() => api('replay', { ids: [id], subscriber }),
			({ replayed, warning = '' }) =>
				replayed > 0 ? `Replaying to ${subscriber}. ${warning}`.trim() : 'This delivery is already waiting.',
		);
		await refresh();
	});
}

function readFilter() {
	state.filter = Object.fromEntries(
		[...new FormData(part('filter'))].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ''),
	);
	state.rows = [];
	state.next = null;
	refresh();
}

part('sign-in').addEventListener('submit', async (event) => {
	event.preventDefault();
	token.keep(part('token').value);
	part('token').value = '';
	await refresh();
	if (!part('content').hidden) part('main').focus({ preventScroll: true });
});
part('add-workflow').addEventListener('click', () => edit(null));
part('sign-out').addEventListener('click', () => signOut());
part('filter').addEventListener('submit', (event) => {
	event.preventDefault();
	readFilter();
});
part('filter').addEventListener('change', readFilter);
part('filter').addEventListener('reset', () => setTimeout(readFilter));
part('more').addEventListener('click', async () => {
	const { filter, next } = state;
	const page = await attempt(() => api(`events?${query({ ...filter, limit: PAGE, before: next })}`));
	if (page === null || filter !== state.filter) return;
	const known = new Set(state.rows.map(({ eventId }) => eventId));
	state.rows = [...state.rows, ...page.rows.filter(({ eventId }) => !known.has(eventId))];
	state.next = page.next;
	showEvents();
});
part('replay-all').addEventListener('click', () => {
	const { state: wanted, ...filter } = state.filter;
	const kind = wanted === 'delivered' ? 'delivered' : 'dead';
	const what = `${kind === 'dead' ? 'Dead deliveries' : 'Delivered events'} ${describeFilter(filter, state.names)}`;
	replayAll({ ...filter, state: kind }, what);
});
// A page that nobody looks at asks nothing.
document.addEventListener('visibilitychange', () => {
	if (document.hidden) clearTimeout(state.timer);
	else if (!part('content').hidden) refresh();
});

if (token.read() === null) signOut();
else refresh();
