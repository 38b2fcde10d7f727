import env, { appUrl } from '#start/env'
import { defineConfig, drivers } from '#providers/storage/index'

const storageConfig = defineConfig({
  default: env.get('DRIVE_DISK'),
  baseUrl: appUrl,
  secret: env.get('APP_KEY').release(),
  disks: {
    memory: drivers.memory(),
    fs: drivers.fs({ root: env.get('STORAGE_PATH') }),
    s3: drivers.s3({
      endpoint: env.get('S3_ENDPOINT'),
      region: env.get('S3_REGION'),
      accessKeyId: env.get('S3_ACCESS_KEY_ID'),
      secretAccessKey: env.get('S3_SECRET_ACCESS_KEY'),
      bucket: env.get('S3_BUCKET'),
      publicEndpoint: env.get('S3_PUBLIC_ENDPOINT'),
    }),
  },
})

export default storageConfig
