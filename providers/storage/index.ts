export type { Body, ByteRange, Destination, Disk, ExpectedFile, FileStat, ListedFile } from './contract.js'
export { defineConfig, drivers, type DiskFactory } from './define_config.js'
export {
  E_FILE_MISSING,
  E_INVALID_CONTENT_TYPE,
  E_INVALID_KEY,
  E_KEY_CONFLICT,
  E_RANGE_NOT_SATISFIABLE,
  E_STORAGE_CONFIG,
  E_STORAGE_UNAVAILABLE,
} from './errors.js'
export { isKey, pictureType } from './keys.js'
export { serveFile, type ServeOptions } from './serve.js'
export { Storage, type ServeContext, type StorageConfig } from './storage.js'
