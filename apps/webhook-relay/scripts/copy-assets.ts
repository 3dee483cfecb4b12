// What the compiler does not carry over: SQL and the dashboard's files, each to the same place beside its code.
import { cpSync } from 'node:fs';

for (const folder of ['sqlite/migrations', 'admin/dashboard']) {
	cpSync(new URL(`../src/${folder}`, import.meta.url), new URL(`../dist/${folder}`, import.meta.url), {
		recursive: true,
	});
}
