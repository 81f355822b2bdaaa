/** Where an empty file to fill in is. */
export const TEMPLATE = '/api/v1/imports/template'
