#!/usr/bin/env node
import { createProgram } from './cli/cli.ts';

// Names are looked up and files read on libuv's threads, four of them by default: too few for many subscribers whose
// resolver hangs. Read at the first use, so it stands first.
process.env.UV_THREADPOOL_SIZE ??= '16';

// `export | head`: the reader has what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code === 'EPIPE') process.exit(0);
	say(error.message);
	process.exit(1);
});

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}

try {
	const fail = () => {
		process.exitCode = 1;
	};
	await createProgram(process.env, { say, data: process.stdout, fail }).parseAsync();
} catch (error) {
	// A mistake of the operator or a refusal of Meta is a sentence and its way out; anything else keeps its stack.
	const known =
		error instanceof Error &&
		['ConfigError', 'StoreError', 'TypeError', 'InsightsError', 'MoveError'].includes(error.name);
	const isOfFile = error instanceof Error && ('syscall' in error || 'errcode' in error);
	say(known || isOfFile ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
	if (isOfFile) say('→ Check the path, its owner and permissions, and the free space of its disk.');
	if (error instanceof Error && 'advice' in error) say(`→ ${error.advice}`);
	process.exitCode = 1;
}
