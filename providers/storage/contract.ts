import type { Readable } from 'node:stream'

/** What a file may be made of: bytes, a stream that is read once, or a file of this machine. */
export type Body = Buffer | Readable | { path: string }

/** Bytes from `start` to `end`, both included, counted from 0. An `end` beyond the last byte means the last byte. */
export interface ByteRange {
  start: number
  end: number
}

export interface FileStat {
  /** Bytes of the whole file, also where only a range of it was opened. */
  size: number
  /** What `put` was told. */
  contentType: string
  /** In quotes, fit for the HTTP header; another one after each `put` of other bytes. */
  etag: string
  /** Of the last `put` or `copy`; disks round it down to the second at most. */
  modifiedAt: Date
}

/** What a client puts by itself, told beforehand. */
export interface ExpectedFile {
  contentType: string
  /** Bytes. */
  size: number
  /** When the address ends, to the second. */
  expiresAt: Date
}

/** Where to PUT a file, and the headers to send with it. Content-Length is what it has to be. */
export interface Destination {
  url: string
  headers: Record<string, string>
}

export interface ListedFile {
  key: string
  size: number
  modifiedAt: Date
}

/**
 * A place for files under keys.
 *
 * A key is 1 to 512 of `A–Z a–z 0–9 . _ - /`, in segments of 1 to 255 that do not begin with a dot; any other is
 * refused by every method with E_INVALID_KEY. A file and a folder of the same name (`a/1` and `a/1/x`) are nothing to
 * rely on: local files and some S3 servers refuse the second of them with E_KEY_CONFLICT.
 *
 * Disks know no access rights: who may see a file is decided by whoever owns its key. All methods are safe to repeat,
 * and reject with E_STORAGE_UNAVAILABLE when the disk does not do its part; one behind a network within a bound.
 */
export interface Disk {
  /**
   * Makes the disk usable: creates its folder or bucket where it is missing, removes what writes that were killed left
   * behind. The first use of a disk does it too; called by itself it says whether the disk is well.
   */
  ready(): Promise<void>

  /**
   * Stores a file, over the one that is there. Readers see the old file or the new one, whole, and the type that goes
   * with it (S3 servers that keep the type apart may give the other's for a moment, though not for pictures). A `put`
   * that fails or whose body breaks off stores nothing and rejects with the error of the body. Of two at once one wins.
   *
   * @param options.contentType `type/subtype`. Keys that end like a picture (see `pictureType`) take only the type of
   *   their ending.
   * @throws E_INVALID_CONTENT_TYPE
   */
  put(key: string, body: Body, options: { contentType: string }): Promise<void>

  /**
   * Opens a file, or a range of it. The stream gives the bytes of the moment of opening, whatever happens to the key;
   * read it or destroy it. It fails where the disk breaks off or stalls, not where the reader is slow.
   *
   * @returns `null` for a key that is not there.
   * @throws E_RANGE_NOT_SATISFIABLE for a range that begins beyond the end; in an empty file that is every range.
   */
  open(key: string, range?: ByteRange): Promise<{ stream: Readable; stat: FileStat } | null>

  /** @returns `null` for a key that is not there, and for one that is a folder only. */
  stat(key: string): Promise<FileStat | null>

  /**
   * Copies a file with its type, over what is there; to itself it changes nothing. A picture's copy has an ending of the
   * same type, any other's has none of a picture.
   *
   * @throws E_FILE_MISSING when `from` is not there; E_INVALID_CONTENT_TYPE when the endings mean different types.
   */
  copy(from: string, to: string): Promise<void>

  /**
   * An address at which a client may store one file under this key without us: once, of exactly this type and length, until
   * it expires. The disk refuses anything else, and stores nothing of it.
   *
   * @returns `null` on a disk that clients cannot reach.
   * @throws E_INVALID_CONTENT_TYPE as `put` does.
   */
  presign(key: string, file: ExpectedFile): Promise<Destination | null>

  /** Deletes files, as many as you like. Missing ones are fine; so are none. When it rejects, some may be gone. */
  delete(keys: string[]): Promise<void>

  /**
   * Lists a folder and the folders in it, in the order of the keys' bytes. Files that come or go meanwhile may or may
   * not be seen; all others are listed exactly once. Unfinished writes, and names that are no keys, are not listed.
   *
   * @param prefix a folder without a slash at its end: `a/1` lists `a/1/x`, and neither `a/10/x` nor `a/1`; '' all.
   * @param page.limit at most so many files, from 1 to 1000. A page may have fewer and still not be the last.
   * @param page.cursor the `nextCursor` of the page before.
   * @returns `nextCursor` is null on the last page. A folder that does not exist is empty.
   */
  list(
    prefix: string,
    page: { limit: number; cursor?: string | null }
  ): Promise<{ files: ListedFile[]; nextCursor: string | null }>
}
