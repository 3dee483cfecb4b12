/** Words that Title Case leaves small. */
export const TITLE = /^[A-Z][\w-]*( (?:[A-Z][\w-]*|and|on|or|of|the|With))*$/;

export const ONE_SENTENCE = /^[A-Z][^.!?]*\.$/;
