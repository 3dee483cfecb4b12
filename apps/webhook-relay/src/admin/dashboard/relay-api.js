// The admin API, with the token that was given at sign-in. The token stays in this tab.

const KEY = 'relay-admin-token';

/** Thrown when the token is missing or refused. */
export class SignedOutError extends Error {}

export const tokenStore = {
	get: () => sessionStorage.getItem(KEY),
	set: (token) => sessionStorage.setItem(KEY, token),
	clear: () => sessionStorage.removeItem(KEY),
};

async function call(path, { method = 'GET', body } = {}) {
	const token = tokenStore.get();
	if (token === null) throw new SignedOutError();
	// From this file on, so that a prefix in front of everything (RELAY_BASE_PATH) is kept.
	const response = await fetch(new URL(`../api/${path}`, import.meta.url), {
		method,
		headers: {
			authorization: `Bearer ${token}`,
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
		},
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (response.status === 401) throw new SignedOutError();
	const answer = await response.json();
	if (!response.ok) throw new Error(answer.problems?.join('; ') ?? answer.error ?? `HTTP ${response.status}`);
	return answer;
}

const query = (filter) =>
	new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '' && value !== null)).toString();

export const relayApi = {
	totals: () => call('totals'),
	accounts: () => call('accounts'),
	subscribers: () => call('subscribers'),
	events: (filter) => call(`events?${query(filter)}`),
	event: (id) => call(`events/${encodeURIComponent(id)}`),
	pause: (id) => call(`subscribers/${encodeURIComponent(id)}/pause`, { method: 'POST' }),
	resume: (id) => call(`subscribers/${encodeURIComponent(id)}/resume`, { method: 'POST' }),
	replay: (order) => call('replay', { method: 'POST', body: order }),
};
