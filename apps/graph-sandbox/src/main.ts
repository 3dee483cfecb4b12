import { startSandbox } from './app.ts';

const port = Number(process.env.SANDBOX_PORT ?? '8788');
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
	console.error(`SANDBOX_PORT must be a port number, not "${process.env.SANDBOX_PORT}".`);
	process.exit(1);
}
const sandbox = await startSandbox({ port }).catch((error: unknown) => {
	const taken = (error as { code?: string }).code === 'EADDRINUSE';
	console.error(
		taken ? `Port ${port} is taken: set SANDBOX_PORT to a free one.` : `The sandbox could not start: ${String(error)}`,
	);
	process.exit(1);
});
console.log(`Graph sandbox ready.
  Instagram Login: baseUrl ${sandbox.instagramUrl}   token ${sandbox.world.account('bakery').tokens.instagram}
  Facebook Login:  baseUrl ${sandbox.facebookUrl}    token ${sandbox.world.account('bakery').tokens.facebook}
  Accounts: ${Object.keys(sandbox.world.accounts).join(', ')}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => {
		void sandbox.stop().then(() => process.exit(0));
	});
}
