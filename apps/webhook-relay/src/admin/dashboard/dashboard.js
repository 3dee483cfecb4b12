// The page: sign in, read every two seconds, act.
import { api, attempt, SignedOutError, token } from './api.js';
import { accountName, plural } from './format.js';
import { render } from './lit-html/lit-html.js';
import { actOnSubscriber, replayAll, subscriberList } from './subscribers.js';
import { chart, choices, concernList, eventList, totalTiles } from './views.js';
import { openWorkflow } from './workflow.js';

const REFRESH_MS = 2000;
/** A search reads many events, so it is not repeated as often. */
const SEARCH_REFRESH_MS = 15_000;
const PAGE = 50;
const MOST_ROWS = 1000;

const part = (id) => document.getElementById(id);
/** `opened`: details by event id, of the events that are open */
const state = { filter: {}, rows: [], next: null, overview: null, opened: new Map(), timer: null, turn: 0 };

const query = (filter) => new URLSearchParams(Object.entries(filter)).toString();

function showSignedIn(isSignedIn) {
	part('sign-in').hidden = isSignedIn;
	part('content').hidden = part('sign-out').hidden = !isSignedIn;
}

function signOut(problem = '') {
	token.forget();
	clearTimeout(state.timer);
	showSignedIn(false);
	part('sign-in-error').textContent = problem;
	part('connection').textContent = '';
	part('token').focus();
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
		// A later refresh, perhaps with another filter, was faster.
		if (turn !== state.turn) return;
		showSignedIn(true);
		part('connection').textContent = 'Live';
		state.overview = overview;
		takeHead(head);
		showOverview();
		showEvents();
	} catch (error) {
		if (error instanceof SignedOutError) return signOut(error.message);
		part('connection').textContent = `Not connected: ${error.message}`;
	}
	const pause = state.filter.search === undefined ? REFRESH_MS : SEARCH_REFRESH_MS;
	if (turn === state.turn) state.timer = setTimeout(refresh, pause);
}

function showOverview() {
	const { overview, filter, rows } = state;
	const { names, concerns, subscribers, accounts, totals } = overview;
	render(totalTiles(overview), part('totals'));
	render([chart('Last hour', overview.chart.hour), chart('Last day', overview.chart.day)], part('charts'));
	render(concernList(overview, actOnConcern), part('concerns'));
	render(subscriberList(overview, refresh), part('subscribers'));
	part('no-subscribers').hidden = subscribers.length > 0;
	const [words, tone] = allWell(overview);
	part('all-well').hidden = concerns.length > 0;
	part('all-well').textContent = words;
	part('all-well').className = tone;
	const ids = new Set(accounts.map(({ accountId }) => accountId).filter((id) => id !== ''));
	const fields = new Set(accounts.map(({ field }) => field).sort());
	render(choices([...ids].map((id) => [id, id === '0' ? 'samples' : accountName(names, id)])), part('f-account'));
	render(choices([...fields].map((field) => [field, field])), part('f-field'));
	render(choices(subscribers.map(({ subscriberId }) => [subscriberId, subscriberId])), part('f-subscriber'));
	const isDelivered = filter.state === 'delivered';
	part('replay-all').textContent = isDelivered ? 'Replay delivered…' : 'Replay dead deliveries…';
	part('replay-all').disabled = filter.state === 'pending' || (isDelivered ? rows.length === 0 : totals.dead === 0);
	part('clear').disabled = Object.keys(filter).length === 0;
}

/** What the page says when nothing needs attention. */
function allWell({ totals, subscribers }) {
	if (!subscribers.some(({ known }) => known))
		return ['Events have nowhere to go yet. Choose Add workflow below.', 'wait'];
	if (totals.events === 0)
		return ['No event has arrived yet. If you expect some, run: instagram-webhook-relay doctor', 'wait'];
	if (totals.pending === 0) return ['Nothing. Every event was delivered.', 'good'];
	return [`Nothing. ${plural(totals.pending, 'delivery is', 'deliveries are')} on the way.`, 'good'];
}

/** The newest page replaces what it covers; older pages that were asked for stay. */
function takeHead({ rows, next }) {
	const oldest = next === null ? 0 : Math.min(next, ...rows.map(({ seq }) => seq));
	const older = state.rows.filter(({ seq }) => seq < oldest);
	if (older.length === 0) state.next = next;
	const before = new Map(state.rows.map((row) => [row.eventId, row]));
	state.rows = [...rows, ...older].slice(0, MOST_ROWS);
	for (const row of rows) {
		const { pending, delivered, dead } = before.get(row.eventId) ?? row;
		const changed = pending !== row.pending || delivered !== row.delivered || dead !== row.dead;
		if (changed && state.opened.has(row.eventId)) openEvent(row.eventId);
	}
}

function showEvents() {
	const { rows, next, filter, opened } = state;
	const { names, now } = state.overview;
	const onToggle = (id, isOpen) => (isOpen ? openEvent(id) : opened.delete(id));
	render(eventList(rows, { names, now, opened, onToggle, replay: replayEvent }), part('events'));
	part('no-events').hidden = rows.length > 0;
	part('no-events').textContent =
		next !== null
			? 'Nothing found yet. Choose Search older to look further back.'
			: Object.keys(filter).length > 0
				? 'No event matches.'
				: 'No event has arrived yet.';
	part('more').hidden = next === null || rows.length >= MOST_ROWS;
	part('more').textContent = filter.search === undefined ? 'Show older' : 'Search older';
}

async function openEvent(id) {
	const detail = await attempt(() => api(`events/${encodeURIComponent(id)}`));
	if (detail === null) return;
	state.opened.set(id, detail);
	showEvents();
}

async function replayEvent(id, subscriber) {
	await attempt(
		() => api('replay', { ids: [id], subscriber }),
		({ replayed, warning = '' }) =>
			replayed > 0 ? `Replaying to ${subscriber}. ${warning}`.trim() : 'This delivery is already waiting.',
	);
	await refresh();
}

async function actOnConcern(concern) {
	const { kind, subject } = concern;
	const action = { dead: 'replay', paused: 'resume' }[kind];
	if (action !== undefined) {
		const { overview } = state;
		return actOnSubscriber(action, { subscriberId: subject }, { refresh, overview });
	}
	await attempt(
		() => api('concerns/dismiss', { kind, subject }),
		() => 'Dismissed.',
	);
	await refresh();
}

function readFilter() {
	const given = [...new FormData(part('filter'))].map(([name, value]) => [name, value.trim()]);
	state.filter = Object.fromEntries(given.filter(([, value]) => value !== ''));
	state.rows = [];
	state.next = null;
	refresh();
}

/** What a replay of all would do, in words. */
function describeFilter({ search, account, field, subscriber }) {
	const parts = [
		account && `of ${accountName(state.overview.names, account)}`,
		field && `of the field ${field}`,
		subscriber && `to ${subscriber}`,
		search && `with the text “${search}”`,
	].filter(Boolean);
	return parts.length === 0 ? 'of all subscribers' : parts.join(', ');
}

part('sign-in').addEventListener('submit', async (event) => {
	event.preventDefault();
	token.keep(part('token').value);
	part('token').value = '';
	await refresh();
	if (!part('content').hidden) part('main').focus({ preventScroll: true });
});
part('add-workflow').addEventListener('click', () =>
	attempt(() => openWorkflow({ refresh, subscriber: null, overview: state.overview })),
);
part('sign-out').addEventListener('click', () => signOut());
addEventListener('signed-out', ({ detail }) => signOut(detail));
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
	const what = `${kind === 'dead' ? 'Dead deliveries' : 'Delivered events'} ${describeFilter(filter)}`;
	replayAll({ ...filter, state: kind }, what, refresh);
});
// Do not poll while the page is hidden.
document.addEventListener('visibilitychange', () => {
	if (document.hidden) clearTimeout(state.timer);
	else if (!part('content').hidden) refresh();
});

if (token.read() === null) signOut();
else refresh();
