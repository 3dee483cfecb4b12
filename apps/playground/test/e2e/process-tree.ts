import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process. Its start time distinguishes it from a later one with the same number. */
export type ProcessId = { readonly pid: number; readonly born: string; readonly command: string };

type Row = ProcessId & { readonly parent: number };

/** A process and all its descendants. */
export function processTree(root: number): ProcessId[] {
	const rows = running();
	const tree = rows.filter(({ pid }) => pid === root);
	// The list grows during the loop: each process adds its children.
	for (const { pid } of tree) tree.push(...rows.filter(({ parent }) => parent === pid));
	return tree;
}

/** Those of the processes that still run. A zombie does not run. */
export function stillRunning(processes: readonly ProcessId[]): ProcessId[] {
	const rows = running();
	return processes.filter(({ pid, born }) => rows.some((row) => row.pid === pid && row.born === born));
}

function running(): Row[] {
	return process.platform === 'linux' ? fromProc() : fromPs();
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name, field 2, stands in brackets and may contain more of them. */
function fromProc(): Row[] {
	return readdirSync('/proc').flatMap((name) => {
		if (!/^\d+$/.test(name)) return [];
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			if (fields[0] === 'Z' || fields[0] === 'X') return [];
			const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
			return [{ pid: Number(name), parent: Number(fields[1]), born: fields[19] ?? '', command }];
		} catch {
			return []; // Ended while we looked.
		}
	});
}

function fromPs(): Row[] {
	const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart=,command='], { encoding: 'utf8' });
	return table.split('\n').flatMap((line) => {
		const [, pid, parent, state = '', born = '', command = ''] =
			/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line) ?? [];
		return pid === undefined || state.startsWith('Z')
			? []
			: [{ pid: Number(pid), parent: Number(parent), born, command }];
	});
}
