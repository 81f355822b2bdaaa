import { toString as draw } from 'qrcode'
import type { Access, Shown } from '#core/access/index.ts'
import { noContent, ok, type Routes } from './kit.ts'

/** What people sign in with: their password, their second factor and its recovery codes. */
export const signInRoutes = ({ access }: { access: Access }): Routes => ({
  changePassword: async ({ ctx, body }) => {
    const { password, newPassword } = body as { password: string; newPassword: string }
    await access.changePassword(ctx, password, newPassword)
    return noContent
  },
  setTemporaryPassword: async ({ ctx, params, body }) => {
    await access.setTemporaryPassword(ctx, params.username!, (body as { password: string }).password)
    return noContent
  },

  getSecondFactor: async ({ ctx }) => {
    const { since, recoveryCodesLeft } = await access.secondFactor(ctx)
    return ok({ enrolled: since !== undefined, ...(since && { since }), recoveryCodesLeft })
  },
  beginSecondFactor: async ({ ctx, body }) => {
    const { secret, uri } = await access.beginSecondFactor(ctx, body as Shown)
    return ok({ secret, uri, qr: await draw(uri, { type: 'svg', errorCorrectionLevel: 'M' }) })
  },
  confirmSecondFactor: async ({ ctx, body }) =>
    ok({ recoveryCodes: await access.confirmSecondFactor(ctx, (body as { code: string }).code) }),
  removeSecondFactor: async ({ ctx, body }) => {
    await access.removeSecondFactor(ctx, body as Shown)
    return noContent
  },
  renewRecoveryCodes: async ({ ctx, body }) =>
    ok({ recoveryCodes: await access.renewRecoveryCodes(ctx, body as Shown) }),
  resetSecondFactor: async ({ ctx, params }) => {
    await access.resetSecondFactor(ctx, params.username!)
    return noContent
  },
})
