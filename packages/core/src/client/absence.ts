import { refusalInWords } from '../graph/error-answer.ts';
import type { AbsentReason, Insight } from '../insight/insight.ts';
import { absentReasonOf } from '../insight/insight.ts';
import type { InsightsError } from '../insights-error.ts';
import type { LeftOut } from '../query/plan-requests.ts';

/** Why a metric has no number: the reason, and a message from Meta or from us. */
export type Absence = { readonly reason: AbsentReason; readonly message?: string };

/** Why days that the plan leaves out have no number. */
export function absenceOfLeftOut(leftOut: LeftOut): Absence {
	const { reason, since } = leftOut;
	switch (reason) {
		case 'outside-retention':
			return {
				reason,
				message: `Meta keeps this metric from ${leftOut.oldest} on, and the date range starts earlier.`,
			};
		case 'today-not-counted':
			return { reason: 'no-data', message: 'Instagram does not count today for this metric.' };
		case 'not-begun':
			return {
				reason,
				message: `${since} has not begun in California, where Instagram's days begin and end.`,
			};
		default:
			return reason satisfies never;
	}
}

/** The absence that follows from a refusal, with Meta's message, code and trace id. */
export function absenceOf(error: InsightsError): Absence {
	return { reason: absentReasonOf(error), message: refusalInWords(error) };
}

export function absent(metric: string, { reason, message }: Absence): Insight {
	return { shape: 'absent', metric, reason, ...(message === undefined ? {} : { message }) };
}
