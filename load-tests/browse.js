// What visitors do all day: look at the grid of somebody, and at an album of it. They come from one address, so the server
// has to be started with LIMIT_FACTOR=1000.
//
//   k6 run -e BASE=http://localhost:3333 -e USERNAME=mira load-tests/browse.js
import http from 'k6/http'
import { check } from 'k6'

const base = __ENV.BASE || 'http://localhost:3333'
const username = __ENV.USERNAME || 'mira'

export const options = {
  vus: 10,
  duration: __ENV.DURATION || '30s',
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
}

export default function browse() {
  const grid = http.get(`${base}/v1/users/${username}/posts?limit=30`)
  check(grid, { 'the grid is there': ({ status }) => status === 200 })

  const albums = grid.json('data')
  const { id } = albums[Math.floor(Math.random() * albums.length)]
  const album = http.get(`${base}/v1/posts/${id}`)
  check(album, { 'the album is there': (response) => response.status === 200 && response.json('data.id') === id })
}
