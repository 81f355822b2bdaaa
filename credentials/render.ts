import { crc32, deflateSync } from 'node:zlib'
import { type QrSymbol, symbolOf } from './symbol.ts'

/** Light modules that ISO/IEC 18004 section 9.1 demands on every side. */
const QUIET_ZONE = 4

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeXml = (text: string) => text.replace(/[&<>"']/g, c => ENTITIES[c]!)

/** Every run of dark modules in a row as one rectangle of one path. */
const pathOf = ({ size, modules }: QrSymbol) => {
  let path = ''
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const start = x
      while (x < size && modules[y * size + x]) x++
      const run = x - start
      if (run > 0) path += `M${start + QUIET_ZONE} ${y + QUIET_ZONE}h${run}v1h-${run}z`
    }
  return path
}

/**
 * A QR symbol as SVG: one path on a light square, quiet zone included, one unit a module, without width and
 * height, so that the page decides. `title` is what screen readers say. Throws like `versionFor`.
 */
export const renderSvg = (text: string, options: { title: string }): string => {
  const symbol = symbolOf(text)
  const side = symbol.size + 2 * QUIET_ZONE
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" role="img" shape-rendering="crispEdges">` +
    `<title>${escapeXml(options.title)}</title>` +
    `<rect width="${side}" height="${side}" fill="#fff"/><path d="${pathOf(symbol)}" fill="#000"/></svg>`
  )
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Length, type, data and checksum (PNG, ISO/IEC 15948 section 5.3). */
const chunk = (type: string, data: Uint8Array) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** The pixel rows of an image of 1-bit grey, each after its filter type 0; 1 is light. */
const scanlines = ({ size, modules }: QrSymbol, scale: number) => {
  const side = (size + 2 * QUIET_ZONE) * scale
  const stride = 1 + Math.ceil(side / 8)
  const rows = Buffer.alloc(stride * side, 0xff)
  for (let y = 0; y < side; y++) rows[y * stride] = 0
  for (let y = 0; y < size; y++) {
    const top = (y + QUIET_ZONE) * scale
    const row = rows.subarray(top * stride, (top + 1) * stride)
    for (let x = 0; x < size * scale; x++) {
      const pixel = x + QUIET_ZONE * scale
      if (modules[y * size + Math.floor(x / scale)]) row[1 + (pixel >> 3)]! &= ~(0x80 >> (pixel & 7))
    }
    for (let copy = 1; copy < scale; copy++) row.copy(rows, (top + copy) * stride)
  }
  return { side, rows }
}

/** A QR symbol as PNG of 1-bit grey, `scale` pixels a module (8 unless told), quiet zone included. */
export const renderPng = (text: string, options: { scale?: number } = {}): Buffer => {
  const { side, rows } = scanlines(symbolOf(text), options.scale ?? 8)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1 // bit depth; colour type, compression, filter and interlace stay 0
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
