// What the page shows of each subscriber, and what can be done with it.
import { button, count, element, facts, showContent, time } from './elements.js';

/** A subscriber's health, in words and colour. */
function healthOf(row, now) {
	if (!row.known) return ['removed', 'wait'];
	if (row.pause !== null) return [`paused: ${row.pause.reason}`, 'bad'];
	if (row.heldUntil > now) return [['on hold, next try ', time(row.heldUntil, now)], 'wait'];
	if (row.consecutiveFailures > 0) return [`failing: ${row.lastFailureReason}`, 'wait'];
	if (row.lastSuccessAt === null) return ['nothing delivered yet', 'wait'];
	return ['healthy', 'good'];
}

/** Each button of a subscriber: what it does, its words, its name for a screen reader, when it is there. */
const ACTIONS = [
	['pause', 'Pause', 'Pause', (row) => row.known && row.pause === null],
	['resume', 'Resume', 'Resume', (row) => row.known && row.pause !== null],
	['test', 'Send test event', 'Send a test event to', (row) => row.settings?.mode === 'event'],
	['replay', 'Replay dead deliveries…', 'Replay dead deliveries of', (row) => row.known && row.dead > 0],
	['edit', 'Edit…', 'Edit', isEditable],
	['secret', 'New secret…', 'Make a new secret for', isEditable],
	['remove', 'Remove…', 'Remove', isEditable],
	['drop', 'Drop…', 'Drop what waits for', (row) => !row.known],
];

function isEditable(row) {
	return row.known && !row.isInFile;
}

/** @param act `(name, row, target)`: a name of ACTIONS, or `redirect` with the subscriber to send to */
export function subscriberItem(act) {
	const title = element('h3');
	const health = element('p', { class: 'state' });
	const details = element('div');
	let row = null;
	const buttons = ACTIONS.map(([name, words]) => button(words, () => act(name, row)));
	const target = element('select', {}, element('option', { value: '' }, 'Send to…'));
	target.addEventListener('change', () => {
		if (target.value !== '') act('redirect', row, target.value);
		target.value = '';
	});
	const item = element('li', {}, title, health, details, element('div', { class: 'actions' }, target, buttons));
	item.update = ({ row: fresh, others, now }) => {
		row = fresh;
		const id = row.subscriberId;
		const [words, tone] = healthOf(row, now);
		title.textContent = id;
		showContent(health, words);
		health.className = `state ${tone}`;
		for (const [index, [, , label, when]] of ACTIONS.entries()) {
			buttons[index].hidden = !when(row);
			buttons[index].setAttribute('aria-label', `${label} ${id}`);
		}
		target.setAttribute('aria-label', `Send what waits for ${id} to`);
		if (target.options.length !== others.length + 1)
			target.replaceChildren(target.options[0], ...others.map((other) => element('option', { value: other }, other)));
		target.hidden = row.known || others.length === 0;
		showContent(details, factsOf(row, now));
	};
	return item;
}

function factsOf(row, now) {
	const { settings } = row;
	const all = (list) => (list === null ? 'all' : list.join(', '));
	return facts([
		[
			'Goes to',
			settings === null ? null : `${settings.address} (${settings.mode}${settings.secrets > 0 ? ', signed' : ''})`,
		],
		['Events', settings === null ? null : all(settings.fields)],
		['Accounts', settings === null ? null : all(settings.accounts)],
		['Waiting', row.leased > 0 ? `${count(row.pending)}, ${count(row.leased)} under way` : count(row.pending)],
		['Oldest', row.oldestPendingAt === null ? null : time(row.oldestPendingAt, now)],
		['Dead deliveries', row.dead === 0 ? null : count(row.dead)],
		['Last success', time(row.lastSuccessAt, now)],
		['Last failure', row.lastFailureAt === null ? null : [time(row.lastFailureAt, now), `: ${row.lastFailureReason}`]],
		['Settings', row.isInFile ? 'from the subscribers file; change them there' : null],
	]);
}
