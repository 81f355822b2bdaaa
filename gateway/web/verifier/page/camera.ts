/** Why there is no picture from a camera. */
export type CameraTrouble = 'insecure' | 'refused' | 'absent' | 'busy'

export type Camera = {
  /** What it sees, as much as the square on the screen shows; nothing yet while it starts. Throws when it is gone. */
  look(): ImageData | undefined
  /** Switches the light, on devices that have one. */
  torch?: (on: boolean) => Promise<void>
  close(): void
}

/** Capabilities and constraints of Media Capture (ImageCapture extensions) that TypeScript does not know. */
type WithTorch = { torch?: boolean }

/** Opens the camera at the back, if there is one, into a video element. Gives what stood in the way otherwise. */
export const openCamera = async (video: HTMLVideoElement): Promise<Camera | CameraTrouble> => {
  // Cameras exist in secure contexts alone (W3C Media Capture and Streams, section 10).
  if (!navigator.mediaDevices) return 'insecure'
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
    })
    video.srcObject = stream
    await video.play()
    return cameraOf(video, stream.getVideoTracks()[0]!)
  } catch (error) {
    return troubleOf((error as DOMException).name)
  }
}

const troubleOf = (name: string): CameraTrouble => {
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'absent' : 'busy'
}

const cameraOf = (video: HTMLVideoElement, track: MediaStreamTrack): Camera => {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  const hasTorch = (track.getCapabilities?.() as WithTorch | undefined)?.torch === true
  return {
    look: () => {
      if (track.readyState === 'ended') throw new Error('the camera is gone')
      const { videoWidth: width, videoHeight: height } = video
      const side = Math.min(width, height)
      if (side === 0) return undefined
      canvas.width = canvas.height = side
      context.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, side, side)
      return context.getImageData(0, 0, side, side)
    },
    ...(hasTorch && {
      torch: (on: boolean) =>
        track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }),
    }),
    close: () => {
      track.stop()
      video.srcObject = null
    },
  }
}

/** Longest sides at which a picture is looked at: photos are large, and codes in them may be small. */
const SIDES = [1000, 2400]

/** The pixels of a picture file at growing sizes. Throws for what is no picture. */
export async function* pixelsOf(file: Blob): AsyncGenerator<ImageData> {
  const picture = await createImageBitmap(file)
  try {
    for (const side of SIDES) {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height))
      const [width, height] = [Math.ceil(picture.width * scale), Math.ceil(picture.height * scale)]
      const context = new OffscreenCanvas(width, height).getContext('2d')!
      // Transparent pictures are codes on paper, too.
      context.fillStyle = '#fff'
      context.fillRect(0, 0, width, height)
      context.drawImage(picture, 0, 0, width, height)
      yield context.getImageData(0, 0, width, height)
      if (scale === 1) return
    }
  } finally {
    picture.close()
  }
}
