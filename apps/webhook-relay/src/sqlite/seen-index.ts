/**
 * Where the rows of `seen` are found by their key: a hash table in memory, four bytes of hash and four of row id each.
 *
 * Meta's keys come in no order, so a b-tree over them would change a page of its own for every event, and each commit
 * would sync them all: that was half of the cost of storing an event. The rows themselves are only ever added at the end.
 * The table is read anew at each start (a second for a million rows) and costs about 20 bytes a row.
 *
 * What `find` gives are candidates: another key may have the same hash, and a row may have been removed or rolled back.
 * Compare the row before believing it.
 */
export class SeenIndex {
	#hashes: Uint32Array;
	/** row ids; 0: a free place */
	#ids: Uint32Array;
	#size = 0;

	/** @param expected rows that are about to be added: room for them is made once */
	constructor(expected = 0) {
		const capacity = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2((expected + 1) / FULLEST)));
		this.#hashes = new Uint32Array(capacity);
		this.#ids = new Uint32Array(capacity);
	}

	/** Rows known, those forgotten by `retain` left out. */
	get size(): number {
		return this.#size;
	}

	/** @param id positive, at most 2^32 - 1 */
	add(key: string, id: number): void {
		if (this.#size >= this.#ids.length * FULLEST) this.#rebuild(this.#ids.length * 2, 1);
		this.#put(hashOf(key), id);
	}

	/** Ids of rows that may have this key. */
	find(key: string): number[] {
		const hash = hashOf(key);
		const found: number[] = [];
		const mask = this.#ids.length - 1;
		for (let place = hash & mask; this.#ids[place] !== 0; place = (place + 1) & mask) {
			if (this.#hashes[place] === hash) found.push(this.#ids[place] ?? 0);
		}
		return found;
	}

	/** Forget rows before this id, and give back the room they took. */
	retain(firstId: number): void {
		this.#rebuild(this.#ids.length, firstId);
		while (this.#ids.length > SMALLEST && this.#size < this.#ids.length * (FULLEST / 4)) {
			this.#rebuild(this.#ids.length / 2, firstId);
		}
	}

	#put(hash: number, id: number): void {
		const mask = this.#ids.length - 1;
		let place = hash & mask;
		while (this.#ids[place] !== 0) place = (place + 1) & mask;
		this.#hashes[place] = hash;
		this.#ids[place] = id;
		this.#size += 1;
	}

	#rebuild(capacity: number, firstId: number): void {
		const [hashes, ids] = [this.#hashes, this.#ids];
		this.#hashes = new Uint32Array(capacity);
		this.#ids = new Uint32Array(capacity);
		this.#size = 0;
		for (let place = 0; place < ids.length; place += 1) {
			const id = ids[place] ?? 0;
			if (id !== 0 && id >= firstId) this.#put(hashes[place] ?? 0, id);
		}
	}
}

const SMALLEST = 2 ** 16;
const FULLEST = 0.6;

/** FNV-1a over UTF-16 units, with a last mix so that the low bits depend on every letter. */
function hashOf(text: string): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	hash ^= hash >>> 15;
	hash = Math.imul(hash, 0x85ebca6b);
	return (hash ^ (hash >>> 13)) >>> 0;
}
