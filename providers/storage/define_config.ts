import { configProvider } from '@adonisjs/core'
import type { ConfigProvider } from '@adonisjs/core/types'
import type { Disk } from './contract.js'
import type { FsOptions } from './drivers/fs.js'
import type { S3Options } from './drivers/s3.js'
import { E_STORAGE_CONFIG } from './errors.js'
import type { StorageConfig } from './storage.js'

/** Makes a disk; called for the chosen one only, with the name that it has in the configuration. */
export type DiskFactory = (name: string) => Promise<Disk>

/** Settings as an environment gives them: any may be missing until the disk is chosen. */
type Settings<Options> = { [Name in keyof Options]: Options[Name] | undefined }

/**
 * The configuration of the storage, for the default export of `config/storage.ts`.
 *
 * @param config.default the name of the disk to use, one of `disks`.
 * @param config.baseUrl the address of the server as others reach it.
 * @param config.secret what signs URLs, the application's key.
 * @returns resolves, at boot, with the disk made; rejects with E_STORAGE_CONFIG when a setting of it is missing.
 */
export function defineConfig<Disks extends Record<string, DiskFactory>>(config: {
  default: keyof Disks & string
  baseUrl: string
  secret: string
  disks: Disks
}): ConfigProvider<StorageConfig> {
  return configProvider.create(async () => {
    const { default: name, baseUrl, secret, disks } = config
    if (!Object.hasOwn(disks, name)) {
      throw new E_STORAGE_CONFIG(`There is no storage disk "${name}". Choose one of ${Object.keys(disks).join(', ')}.`)
    }
    return { disk: await disks[name](name), baseUrl, secret }
  })
}

/** The disks that come with the plugin. The code of a disk is loaded when it is the chosen one. */
export const drivers = {
  /** Files in memory, gone with the process. */
  memory(): DiskFactory {
    return async () => {
      const { MemoryDisk } = await import('./drivers/memory.js')
      return new MemoryDisk()
    }
  },

  /** Local files. */
  fs(options: Settings<FsOptions>): DiskFactory {
    return async (name) => {
      const complete = demand<FsOptions>(name, options, ['root'])
      const { FsDisk } = await import('./drivers/fs.js')
      return new FsDisk(complete)
    }
  },

  /** A bucket of an S3 server. */
  s3(options: Settings<S3Options>): DiskFactory {
    return async (name) => {
      const needed = ['endpoint', 'region', 'accessKeyId', 'secretAccessKey', 'bucket'] as const
      const complete = demand<S3Options>(name, options, needed)
      const { S3Disk } = await import('./drivers/s3.js')
      return new S3Disk(complete)
    }
  },
}

function demand<Options>(name: string, settings: Settings<Options>, needed: readonly (keyof Options & string)[]) {
  const missing = needed.filter((key) => !settings[key])
  if (missing.length === 0) return settings as Options
  throw new E_STORAGE_CONFIG(
    `The storage disk "${name}" is chosen and lacks: ${missing.join(', ')}. See config/storage.ts.`
  )
}
