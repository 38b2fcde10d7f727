import type { HttpContext } from '@adonisjs/core/http'
import { Albums } from '#models/album'
import { transformForHome } from '#transformers/home_transformer'
import { pageValidator } from '#validators/post'
import { operation } from '#providers/openapi/index'

/** The one page: the newest public albums, so that one can look at what one has. */
export default class HomeController {
  @operation({
    summary: 'Show the newest albums to people',
    query: pageValidator,
    answers: { 200: { type: 'text/html' } },
  })
  async index({ request, response, view }: HttpContext) {
    const { limit = 24, cursor } = await request.validateUsing(pageValidator)
    const { albums, nextCursor } = await Albums.newest({ limit, cursor })
    response.header(
      'Content-Security-Policy',
      "default-src 'none'; img-src *; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return view.render('home', { posts: albums.map(transformForHome), nextCursor })
  }
}
