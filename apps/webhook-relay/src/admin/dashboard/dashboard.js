// The page: sign in, read every two seconds, act.
import { showRows } from './elements.js';
import { relayApi, SignedOutError, tokenStore } from './relay-api.js';
import { eventItem, showEventDetail, showTotals, showWarnings, subscriberItem } from './views.js';

const REFRESH_MS = 2000;
const PAGE = 50;

const part = (id) => document.getElementById(id);
const state = { filter: {}, shown: PAGE, history: [], timer: null, turn: 0 };

function signOut(problem = '') {
	tokenStore.clear();
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
		if (error instanceof SignedOutError) signOut('The token was refused.');
		else say(`Failed: ${error.message}`);
		return null;
	}
}

let silence = null;
function say(text) {
	part('message').textContent = text;
	clearTimeout(silence);
	silence = setTimeout(() => {
		part('message').textContent = '';
	}, 6000);
}

async function refresh() {
	clearTimeout(state.timer);
	state.turn += 1;
	const { turn } = state;
	try {
		const [totals, subscribers, accounts, events] = await Promise.all([
			relayApi.totals(),
			relayApi.subscribers(),
			relayApi.accounts(),
			relayApi.events({ ...state.filter, limit: state.shown }),
		]);
		// A later refresh, with another filter perhaps, has overtaken this one.
		if (turn !== state.turn) return;
		part('sign-in').hidden = true;
		part('content').hidden = false;
		part('sign-out').hidden = false;
		part('connection').textContent = 'Live';
		showTotals(part('totals'), totals, ratePerMinute(totals));
		showWarnings(part('warnings'), accounts.warnings, totals.now);
		const rows = subscribers.rows.map((row) => ({ ...row, now: subscribers.now }));
		showRows(
			part('subscribers'),
			rows,
			(row) => row.subscriberId,
			() => subscriberItem(actOnSubscriber),
		);
		part('no-subscribers').hidden = rows.length > 0;
		showRows(
			part('events'),
			events.rows,
			(row) => row.eventId,
			() => eventItem(openEvent),
		);
		part('no-events').hidden = events.rows.length > 0;
		part('more').hidden = events.next === null || state.shown >= 500;
	} catch (error) {
		if (error instanceof SignedOutError) return signOut(tokenStore.get() === null ? '' : 'The token was refused.');
		part('connection').textContent = `Not connected: ${error.message}`;
	}
	if (turn === state.turn) state.timer = setTimeout(refresh, REFRESH_MS);
}

/** From the totals of the last minute; retention makes the difference smaller, so never below 0. */
function ratePerMinute({ events, now }) {
	state.history.push({ events, now });
	while (state.history.length > 1 && now - state.history[0].now > 60_000) state.history.shift();
	const [first] = state.history;
	return now - first.now < 4000
		? null
		: Math.max(0, Math.round(((events - first.events) * 60_000) / (now - first.now)));
}

async function actOnSubscriber(action, id) {
	const acts = {
		pause: [() => relayApi.pause(id), () => `Paused ${id}. Its deliveries wait.`],
		resume: [() => relayApi.resume(id), () => `Resumed ${id}.`],
		'replay-dead': [
			() => relayApi.replay({ subscriber: id, state: 'dead' }),
			({ replayed }) => `${replayed} dead letters of ${id} wait again.`,
		],
	};
	await attempt(...acts[action]);
	await refresh();
}

async function openEvent(id, target) {
	const detail = await attempt(() => relayApi.event(id));
	if (detail === null) return;
	showEventDetail(target, detail, async (subscriber) => {
		await attempt(
			() => relayApi.replay({ ids: [id], subscriber }),
			({ replayed }) => (replayed > 0 ? `Replaying to ${subscriber}.` : 'It waits already.'),
		);
		await refresh();
	});
}

function readFilter() {
	state.filter = Object.fromEntries(
		[...new FormData(part('filter'))].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ''),
	);
	state.shown = PAGE;
}

part('sign-in').addEventListener('submit', async (event) => {
	event.preventDefault();
	tokenStore.set(part('token').value);
	part('token').value = '';
	await refresh();
	if (!part('content').hidden) part('main').focus({ preventScroll: true });
});
part('sign-out').addEventListener('click', () => signOut());
part('filter').addEventListener('submit', (event) => {
	event.preventDefault();
	readFilter();
	refresh();
});
part('filter').addEventListener('reset', () => {
	setTimeout(() => {
		readFilter();
		refresh();
	});
});
part('more').addEventListener('click', () => {
	state.shown = Math.min(500, state.shown + PAGE);
	refresh();
});
part('replay-shown').addEventListener('click', async () => {
	await attempt(
		() => relayApi.replay({ state: 'dead' }),
		({ replayed }) => `${replayed} dead letters wait again.`,
	);
	await refresh();
});

if (tokenStore.get() === null) signOut();
else refresh();
