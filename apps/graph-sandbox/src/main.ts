import { startSandbox } from './app.ts';
import { describeSandbox } from './describe-sandbox.ts';

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
