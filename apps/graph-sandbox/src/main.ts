import { type Sandbox, startSandbox } from './app.ts';
import { APPS } from './world/token.ts';

const text = process.env.SANDBOX_PORT ?? '8788';
const port = Number(text);
if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
	console.error(`SANDBOX_PORT must be a port number, not "${text}".`);
	process.exit(1);
}

const sandbox = await startSandbox({ port }).catch((error: NodeJS.ErrnoException) => {
	const taken = error.code === 'EADDRINUSE';
	console.error(
		taken ? `Port ${port} is taken: set SANDBOX_PORT to a free one.` : `The sandbox could not start: ${error.message}`,
	);
	return process.exit(1);
});
console.log(describeSandbox(sandbox));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => {
		void sandbox.stop().then(() => process.exit(0));
	});
}

/** What you need to begin: base URLs, accounts, tokens. */
function describeSandbox(sandbox: Sandbox): string {
	const accounts = Object.values(sandbox.world.accounts);
	const width = Math.max(...accounts.map((account) => account.key.length));
	return [
		'The Graph sandbox is ready. Nothing here reaches Meta; every token is made up.',
		'',
		`  Instagram Login   baseUrl  ${sandbox.instagramUrl}`,
		`  Facebook Login    baseUrl  ${sandbox.facebookUrl}`,
		'',
		...accounts.map(
			({ key, id, followers, tokens }) =>
				`  ${key.padEnd(width)}  ${id}  ${String(followers).padStart(7)} followers  ${tokens.instagram}  ${tokens.facebook}`,
		),
		'',
		`  Apps: Instagram ${APPS.instagram.id} (secret ${APPS.instagram.secret}), Facebook ${APPS.facebook.id} (secret ${APPS.facebook.secret})`,
		`  Token variants, scenarios, webhook shapes: ${sandbox.url}/__sandbox`,
	].join('\n');
}
