import vine from '@vinejs/vine'
import mediaConfig from '#config/media'
import { editMediumValidator } from '#validators/media'

export const startUploadValidator = vine.create({
  contentType: vine.enum(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'] as const),
  size: vine.number({ strict: true }).withoutDecimals().min(1).max(mediaConfig.maxBytes),
})

export const completeUploadValidator = editMediumValidator
