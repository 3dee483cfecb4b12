import { PassThrough } from 'node:stream';
import { createProgram } from '../src/cli/cli.ts';

/** Run a command in this process. */
export async function runCommand(args: readonly string[], environment: Record<string, string>) {
	const [said, data]: [string[], PassThrough] = [[], new PassThrough()];
	let failed = false;
	const fail = () => {
		failed = true;
	};
	const io = { say: (line: string) => void said.push(line), data, fail };
	const program = createProgram(environment, io);
	for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
	await program.parseAsync(args, { from: 'user' });
	return { said: said.join('\n'), data: String(data.read() ?? ''), failed };
}
