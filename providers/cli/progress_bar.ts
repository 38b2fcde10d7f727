export interface ProgressBarOptions {
  /** How many steps there are; 0 when there is nothing to do. */
  total: number
  /** What is being done: "Indexing posts". */
  label: string
  /** Where to draw, standard error unless told, so that standard output stays clean for `--json`. */
  stream?: { write(text: string): unknown; isTTY?: boolean; columns?: number }
  /** The time in milliseconds, for tests. */
  now?: () => number
}

const FRAME = 80
const LINE = 2_000
const SIGN_OF_LIFE = 10_000
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/**
 * One line that tells how far the work is: bar, count, percent, time left. A terminal sees it drawn in place; a log sees
 * a line for every tenth of the work, never two within two seconds, and a sign of life every ten.
 *
 * It never throws: a stream that fails is left alone from then on, and the work goes on.
 */
export class ProgressBar {
  #done = 0
  #detail = ''
  #finished = false
  #broken = false
  #began: number
  #drawn: number
  #drawnTenth = 0
  #stream: NonNullable<ProgressBarOptions['stream']>
  #now: () => number

  constructor(private options: ProgressBarOptions) {
    this.#stream = options.stream ?? process.stderr
    this.#now = options.now ?? (() => performance.now())
    this.#began = this.#now()
    this.#drawn = this.#stream.isTTY ? -Infinity : this.#began
  }

  /**
   * Counts `n` more steps as done. After `finish` it does nothing.
   *
   * @param detail what was just done, shown at the end of the line as far as there is room.
   */
  advance(n = 1, detail?: string) {
    if (this.#finished) return
    this.#done = Math.max(0, this.#done + n)
    this.#detail = detail ?? this.#detail
    if (this.#isDue()) this.#draw()
  }

  /** Draws the last state, which is not the total when the work stopped early, and ends the line. May be called twice. */
  finish() {
    if (this.#finished) return
    this.#finished = true
    this.#detail = ''
    this.#draw()
  }

  get #share() {
    return this.options.total > 0 ? Math.min(1, this.#done / this.options.total) : 1
  }

  #isDue() {
    const since = this.#now() - this.#drawn
    if (this.#stream.isTTY) return since >= FRAME
    return since >= SIGN_OF_LIFE || (since >= LINE && Math.floor(this.#share * 10) > this.#drawnTenth)
  }

  #draw() {
    this.#drawn = this.#now()
    this.#drawnTenth = Math.floor(this.#share * 10)
    if (!this.#stream.isTTY) return this.#write(`${this.#line('')}\n`)

    const columns = (this.#stream.columns || 80) - 1
    const bar = columns >= 60 ? ` ${this.#bar(Math.min(30, Math.floor(columns / 4)))}` : ''
    this.#write(`\r${clip(this.#line(bar), columns)}\x1b[K${this.#finished ? '\n' : ''}`)
  }

  #line(bar: string) {
    const count = `${this.#done}/${this.options.total}`
    const percent = `${Math.floor(this.#share * 100)} %`
    const line = `${this.options.label}${bar} ${count} ${percent} ${this.#time()} ${this.#detail}`
    return line.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  }

  #bar(width: number) {
    const full = Math.floor(this.#share * width)
    return '█'.repeat(full) + '░'.repeat(width - full)
  }

  #time() {
    const elapsed = this.#now() - this.#began
    if (this.#finished) return `in ${duration(elapsed)}`
    return this.#share > 0 && this.#share < 1 ? `${duration((elapsed / this.#share) * (1 - this.#share))} left` : ''
  }

  #write(text: string) {
    if (this.#broken) return
    try {
      this.#stream.write(text)
    } catch {
      this.#broken = true
    }
  }
}

function duration(milliseconds: number) {
  const seconds = Math.ceil(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/** The beginning of `text` that fits into `columns` cells of a terminal; an ideograph takes two. */
function clip(text: string, columns: number) {
  let cells = 0
  let clipped = ''
  for (const character of text) {
    cells += WIDE.test(character) ? 2 : 1
    if (cells > columns) break
    clipped += character
  }
  return clipped
}
