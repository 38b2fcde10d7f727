/*
 * The least that node:http can do: a constant answer.
 */
import { createServer } from 'node:http'

const { HOST, PORT } = process.env
const BODY = '{"status":"ok"}'
const HEADERS = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': BODY.length }

createServer((_, response) => response.writeHead(200, HEADERS).end(BODY)).listen(Number(PORT), HOST)
