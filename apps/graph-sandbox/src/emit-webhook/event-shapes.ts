import { CHANGES_SHAPES } from './changes-shapes.ts';
import type { EventShape } from './event-shape.ts';
import { MESSAGING_SHAPES } from './messaging-shapes.ts';

/** Every shape of webhook that is known for the object `instagram`. */
export const EVENT_SHAPES: Readonly<Record<string, EventShape>> = { ...CHANGES_SHAPES, ...MESSAGING_SHAPES };
