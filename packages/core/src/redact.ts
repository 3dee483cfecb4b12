const REMOVED = '[removed]';

/** Parameter and member names whose values are secret. */
const SECRET_NAMES =
	'access_?token|input_?token|fb_exchange_token|client_?secret|app_?secret|appsecret_proof|verify_?token|refresh_?token|id_?token|token|secret|password|signature|code_verifier|authorization|api_?key';

/** The equals sign in text, URLs, HTML and JavaScript. */
const EQUALS = '=|%3D|&#61;|\\\\u003d';

/**
 * Patterns of secrets, in the order they are removed. They are wide on purpose: a message without a harmless word still
 * helps, a message with a token is an incident.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
	// The query of any URL, encoded or not: everything after the question mark.
	[/(?<=[\w/)\]])(?:\?|%3F)[^\s"'<>\\]*(?:=|%3D)[^\s"'<>\\]*/gi, `?${REMOVED}`],
	[/\b(bearer|basic)\s+[^\s"',;<>]+/gi, `$1 ${REMOVED}`],
	[/\b(authorization["']?\s*[:=]\s*["']?oauth)\s+[^\s"',;<>]+/gi, `$1 ${REMOVED}`],
	// JSON Web Tokens, by the start of their header, `{"`.
	[/\beyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g, REMOVED],
	// `access_token is abc`: ordinary words may follow in prose, but not directly after such a name.
	[
		/\b((?:access_token|client_secret|app_secret|appsecret_proof|fb_exchange_token|refresh_token)\s+(?:is|was)\s+["']?)(?!(?:not|no|a|an|the|invalid|missing|required|expired|wrong|empty|too|deprecated|only|sent|set|given|malformed|also|still|never)\b)[^\s"',;<>]+/gi,
		`$1${REMOVED}`,
	],
	// The code of a sign-in; Graph's own `code=190` has no letter in it.
	[/\b(code\s*(?:=|%3D)\s*["']?)(?=[\w#-]*[a-z])(?=[\w#-]*(?:\d|\w{20}))[\w#-]{8,}/gi, `$1${REMOVED}`],
	[/\bAQ[A-D][\w-]{16,}/g, REMOVED],
	// `access token "abc123…"`: a long word with a digit directly after such a name.
	[/\b((?:access|refresh|client|app)[ _]?(?:token|secret)\s+["'“]?)(?=\S*\d)[\w.~+/-]{12,}/gi, `$1${REMOVED}`],
	// name=value, name: value, "name":"value", \"name\":\"value\", name%3Dvalue.
	[
		new RegExp(`((?:${SECRET_NAMES})\\\\?["']?\\s*(?:${EQUALS}|:)\\s*)(\\\\?["'])(?:(?!\\2).)*\\2`, 'gi'),
		`$1$2${REMOVED}$2`,
	],
	[new RegExp(`((?:${SECRET_NAMES})\\s*(?:${EQUALS})\\s*)(?!\\[removed\\])[^\\s"'&,;<>\\\\}]+`, 'gi'), `$1${REMOVED}`],
	// Prose may follow a colon too ("access token: The user …"): a secret is long or contains a digit.
	[new RegExp(`((?:${SECRET_NAMES})\\s*:\\s*)(?=\\S*\\d|\\S{20})[^\\s"'&,;<>\\\\}[]+`, 'gi'), `$1${REMOVED}`],
	// Meta's tokens by their first letters, app tokens (id|secret), and hex as long as secrets and proofs.
	[/(?:EAA|IGAA|IGQ)[\w.~+/=|%-]{4,}/g, REMOVED],
	[/\d{5,}(?:\||%7C)[\w-]{6,}/gi, REMOVED],
	[/[0-9a-f]{32,}/gi, REMOVED],
];

/**
 * A text without tokens, secrets and query strings, for messages, advice, causes and logs.
 *
 * @param known values that must not appear, whatever they look like: the token in use, the app secret
 */
export function redact(text: string, known: readonly string[] = []): string {
	let clean = text;
	for (const secret of known) {
		// Shorter "secrets" would remove parts of ordinary words.
		if (secret.length < 4) continue;
		clean = clean.replaceAll(secret, REMOVED).replaceAll(encodeURIComponent(secret), REMOVED);
	}
	for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
	return clean;
}

const SECRET_MEMBER = new RegExp(`^(?:${SECRET_NAMES})$`, 'i');
const MAX_DEPTH = 6;

/**
 * Any value without tokens, secrets and query strings, to be used as a `cause`. Texts are redacted, members named like a
 * secret lose their value, and errors become plain errors with a redacted message and cause and a new stack.
 */
export function redactCause(value: unknown, known: readonly string[] = [], depth = 0): unknown {
	if (typeof value === 'string') return redact(value, known);
	if (typeof value === 'function' || typeof value === 'symbol') return undefined;
	if (typeof value !== 'object' || value === null) return value;
	if (depth >= MAX_DEPTH) return REMOVED;
	if (value instanceof Error) return redactError(value, known, depth);
	if (Array.isArray(value)) return value.map((item) => redactCause(item, known, depth + 1));
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => [
			redact(name, known),
			SECRET_MEMBER.test(name) ? REMOVED : redactCause(member, known, depth + 1),
		]),
	);
}

function redactError(error: Error, known: readonly string[], depth: number): Error {
	const cause = error.cause === undefined ? undefined : redactCause(error.cause, known, depth + 1);
	const clean = new Error(redact(error.message, known), cause === undefined ? undefined : { cause });
	clean.name = redact(error.name, known);
	// The code says most about a system error: ECONNRESET, UND_ERR_CONNECT_TIMEOUT.
	if ('code' in error && typeof error.code === 'string') Object.assign(clean, { code: redact(error.code, known) });
	return clean;
}
