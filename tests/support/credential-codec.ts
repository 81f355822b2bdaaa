import type { CredentialCodec } from '#core/ports/credential-codec.ts'
import * as credentials from '#credentials/index.ts'

/** The codec that the product is put together with. */
export const codec: CredentialCodec = credentials
