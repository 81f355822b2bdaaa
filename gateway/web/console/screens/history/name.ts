/** A name that is part of an address. What is no such text is taken as it is: the API says that it has no such thing. */
export const nameIn = (param: string | undefined): string => {
  try {
    return decodeURIComponent(param ?? '')
  } catch {
    return param ?? ''
  }
}
