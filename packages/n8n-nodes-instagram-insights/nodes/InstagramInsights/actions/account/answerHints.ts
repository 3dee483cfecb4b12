import type { AccountAnswer, NoteCode } from '@instagram-insights/core/internal';
import type { HintId } from '../../output/hints';
import { reasonHints } from '../../output/reasonHints';
import type { Item } from '../item';

/** Notes of core that have a hint of ours; null: not worth a hint; the others are shown in core's own words. */
const HINT_OF: Readonly<Partial<Record<NoteCode, HintId | null>>> = {
	'data-lag': 'data-lag',
	'reach-not-summed': 'not-additive',
	'window-split': null,
};

/** What people should know about the answer to a question about an account. */
export function answerHints(item: Item, { insights, notes }: Pick<AccountAnswer, 'insights' | 'notes'>): void {
	for (const hint of reasonHints(insights)) item.hint(...hint);
	for (const { code, message } of notes) {
		const id = HINT_OF[code];
		if (id === undefined) item.hint('note', message);
		else if (id !== null) item.hint(id);
	}
}
