import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import { operation } from '#providers/openapi/index'

const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

const FILES: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
}

/** The page on which one reads the description and tries it out: nothing of it comes from another host. */
export default class DocsController {
  @operation({ summary: 'Show the API to people', answers: { 200: { type: 'text/html' } } })
  async index({ response, view }: HttpContext) {
    const nonce = randomBytes(16).toString('base64')
    const styles = `style-src 'self' 'unsafe-inline'; img-src * data:`
    response.header(
      'Content-Security-Policy',
      `default-src 'none'; script-src 'self' 'nonce-${nonce}'; ${styles}; connect-src 'self'; frame-ancestors 'none'`
    )
    return view.render('docs', { nonce })
  }

  @operation({ summary: 'Fetch a file of that page', answers: { 200: { type: '*/*' }, 304: null }, fails: [NotFound] })
  async show({ params, response }: HttpContext) {
    if (!Object.hasOwn(FILES, params.file)) throw new NotFound()
    response.header('Content-Type', FILES[params.file]).header('Cache-Control', 'public, max-age=86400')
    return response.download(join(swagger, params.file), true)
  }
}
