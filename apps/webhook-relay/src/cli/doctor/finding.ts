/** What one check found. `advice` says what to do about it, in one sentence. */
export type Finding =
	| { state: 'ok'; check: string; detail: string }
	| { state: 'warning' | 'failed'; check: string; detail: string; advice: string }
	/** could not be looked at; `advice` says what is needed for that */
	| { state: 'skipped'; check: string; advice: string };

export const ok = (check: string, detail: string): Finding => ({ state: 'ok', check, detail });
export const warning = (check: string, detail: string, advice: string): Finding => ({
	...{ state: 'warning', check, detail, advice },
});
export const failed = (check: string, detail: string, advice: string): Finding => ({
	...{ state: 'failed', check, detail, advice },
});
export const skipped = (check: string, advice: string): Finding => ({ state: 'skipped', check, advice });

const MARKS = { ok: '✓', warning: '!', failed: '✗', skipped: '–' } as const;

/** A finding as a person reads it in a terminal. */
export function describeFinding(finding: Finding): string {
	const detail = finding.state === 'skipped' ? 'not checked' : finding.detail;
	const advice = finding.state === 'ok' ? '' : `\n    → ${finding.advice}`;
	return `${MARKS[finding.state]} ${finding.check}: ${detail}${advice}`;
}
