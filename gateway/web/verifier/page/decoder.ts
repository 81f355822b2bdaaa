/** The native detector (Shape Detection API), which TypeScript does not know. */
type Detector = { detect(image: ImageData): Promise<{ rawValue: string }[]> }
type DetectorClass = {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}
declare const BarcodeDetector: DetectorClass | undefined

/** Finds a QR code in an image and gives its text. */
export type Decode = (image: ImageData) => Promise<string | undefined>

/** The device's own decoder, where it has one for QR codes. */
const nativeDecoder = async (): Promise<Decode | undefined> => {
  if (typeof BarcodeDetector === 'undefined') return undefined
  const formats = await BarcodeDetector.getSupportedFormats()
  if (!formats.includes('qr_code')) return undefined
  const detector = new BarcodeDetector({ formats: ['qr_code'] })
  return async image => (await detector.detect(image))[0]?.rawValue
}

/** Ours, in WebAssembly: a megabyte that only the devices without their own have to load. */
const ownDecoder = async (): Promise<Decode> => {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader')
  const wasm = new URL('../zxing_reader.wasm', import.meta.resolve('zxing-wasm/reader')).href
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })
  return async image => {
    const [found] = await readBarcodes(image, {
      formats: ['QRCode'],
      textMode: 'Plain',
      tryInvert: false,
      maxNumberOfSymbols: 1,
    })
    return found?.text
  }
}

let ready: Promise<Decode> | undefined

/** Loads a decoder on first use; after a failure the next call tries again. */
export const loadDecoder = (): Promise<Decode> => {
  ready ??= (async (): Promise<Decode> => {
    const decode = (await nativeDecoder().catch(() => undefined)) ?? (await ownDecoder())
    return async image => plain(await decode(image))
  })().catch(error => {
    ready = undefined
    throw error
  })
  return ready
}

/** Without the line ends and other controls that scanners, mails and forms add. Spaces stay: Base45 has them. */
export const plain = <T extends string | undefined>(text: T): T => text?.replace(/\p{Cc}/gu, '') as T
