/** What the scripts use of k6, which comes without its types. */
declare module 'k6' {
  export function check<Value>(value: Value, checks: Record<string, (value: Value) => boolean>): boolean
  export function fail(reason: string): never
}

declare module 'k6/http' {
  export interface Answer {
    status: number
    body: unknown
    /** What is at a path of the JSON body, such as `data.0.id`. */
    json(path?: string): any
  }

  interface Params {
    headers?: Record<string, string>
    /** What is no failure: made by `expectedStatuses`. */
    responseCallback?: unknown
    responseType?: 'text' | 'binary' | 'none'
  }

  const http: {
    request(method: string, url: string, body?: unknown, params?: Params): Answer
    file(data: ArrayBuffer, filename: string, contentType: string): unknown
    expectedStatuses(...statuses: number[]): unknown
  }
  export default http
}

/** The settings given by `-e NAME=value`. */
declare const __ENV: Record<string, string | undefined>
/** The number of the virtual user, and of its round. */
declare const __VU: number
declare const __ITER: number
/** Reads a file, while the script is loaded. */
declare function open(file: string, mode: 'b'): ArrayBuffer
