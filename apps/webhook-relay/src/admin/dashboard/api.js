// The admin API, and the line at the foot of the page that says how it went.

const TOKEN = 'relay-admin-token';
/** It stays in this tab. */
export const token = {
	read: () => sessionStorage.getItem(TOKEN),
	keep: (text) => sessionStorage.setItem(TOKEN, text),
	forget: () => sessionStorage.removeItem(TOKEN),
};

/** The token is missing or refused. */
export class SignedOutError extends Error {}

/** Ask the admin API with the token given at sign-in. Addresses are relative, so that the relay can run behind a prefix. */
export async function api(path, body, method = 'POST') {
	if (token.read() === null) throw new SignedOutError('');
	const authorization = `Bearer ${token.read()}`;
	const send = { method, body: JSON.stringify(body) };
	const response = await fetch(`api/${path}`, {
		headers: { authorization, 'content-type': 'application/json' },
		...(body === undefined ? {} : send),
	});
	if (response.status === 401) throw new SignedOutError('The token was refused.');
	const answer = await response.json().catch(() => ({}));
	if (!response.ok) throw new Error(answer.problems?.join('; ') ?? answer.error ?? `status ${response.status}`);
	return answer;
}

let silence = null;
export function say(text) {
	const message = document.getElementById('message');
	message.textContent = text;
	clearTimeout(silence);
	silence = setTimeout(() => {
		message.textContent = '';
	}, 6000);
}

/** Do something, and say on the page how it went. @returns the result; null: it failed */
export async function attempt(work, done) {
	try {
		const result = await work();
		if (done !== undefined) say(done(result));
		return result;
	} catch (error) {
		if (error instanceof SignedOutError) dispatchEvent(new CustomEvent('signed-out', { detail: error.message }));
		else say(`Failed: ${error.message}`);
		return null;
	}
}
