import type { Logger } from 'pino';
import type { AttemptReport } from '../relay/lane.ts';

/** Log what a person has to act on; the rest is for the debug level. Ids and codes only. */
export function logAttempt(log: Logger, report: AttemptReport): void {
	const { verdict, ...fields } = report;
	const line = { ...fields, outcome: verdict.kind, reason: verdict.reason };
	if (verdict.kind === 'pause') log.error(line, 'subscriber paused: it refuses everything until someone mends it');
	else if (report.dead) log.error(line, 'delivery dead, replay it when the cause is mended');
	else if (verdict.kind === 'retry' && verdict.alert === true && report.attempt === 1) {
		log.warn(line, 'n8n does not know this webhook: is the workflow active?');
	} else log.debug(line, 'attempt');
}
