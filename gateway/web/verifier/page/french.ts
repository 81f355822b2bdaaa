import { isolate } from './isolate.ts'
import type { Texts } from './texts.ts'

/** All that the page says, in French. */
export const french: Texts = {
  language: 'fr',
  direction: 'ltr',
  product: 'Annona',
  title: 'Vérificateur',

  signInHeading: 'Se connecter pour vérifier',
  username: 'Nom d’utilisateur',
  password: 'Mot de passe',
  code: 'Code de votre application d’authentification, ou code de secours',
  signIn: 'Se connecter',
  signOut: 'Se déconnecter',
  toConsole: 'Console',
  languages: 'Langue',
  fillIn: 'Saisissez votre nom d’utilisateur et votre mot de passe.',
  signInRefused: 'Le nom d’utilisateur ou le mot de passe est inexact, ou le compte est désactivé.',
  codeRefused: 'Le mot de passe ou le code est inexact, ou le code a déjà servi.',
  sessionEnded: 'Votre session a pris fin. Connectez-vous de nouveau pour continuer.',

  pointHeading: 'Où travaillez-vous aujourd’hui ?',
  pointHint: 'Ce que vous remettez est enregistré à ce point de service.',
  loadingPoints: 'Chargement des points de service…',
  noPoints:
    'Aucun point de service n’est à votre portée. Vous pouvez vérifier des codes, mais rien remettre.',
  checkOnly: 'Vérifier seulement, sans rien remettre',
  noPoint: 'Vérification seule',
  changePoint: 'Changer',

  scanHeading: 'Scanner un code',
  scanHint: 'Tenez le code dans le cadre, à plat et bien éclairé.',
  startingCamera: 'Démarrage de la caméra…',
  camera: 'Ce que voit la caméra',
  torch: 'Lumière',
  readPicture: 'Utiliser une image',
  typeText: 'Saisir le texte',
  textLabel: 'Texte du code',
  textHint: 'Collez ou saisissez les lettres et les chiffres que contient le code.',
  check: 'Vérifier',
  noCodeInPicture: 'Aucun code n’a été trouvé sur cette image. Prenez-la de plus près, à plat et nette.',
  notAPicture: 'Ce fichier n’est pas une image lisible.',
  noDecoder:
    'Le lecteur de codes n’a pas pu être chargé. Vérifiez la connexion et réessayez, ou saisissez le texte.',
  cameraTrouble: {
    insecure:
      'La caméra ne fonctionne qu’avec une connexion sécurisée (https). Utilisez une image ou saisissez le texte.',
    refused:
      'La caméra n’est pas autorisée. Autorisez-la pour cette page dans les réglages du navigateur, ou utilisez une image ou le texte.',
    absent: 'Cet appareil n’a pas de caméra utilisable. Utilisez une image ou saisissez le texte.',
    busy: 'La caméra ne répond pas ; une autre application l’utilise peut-être. Fermez-la et réessayez.',
  },
  tryAgain: 'Réessayer',

  checking: 'Vérification…',
  scanNext: 'Scanner le suivant',
  verdicts: {
    valid: 'Valable',
    valid_stale: 'Valable, selon des données anciennes',
    revoked: 'Retirée',
    suspended: 'Bloquée pour l’instant',
    expired: 'Expirée',
    not_yet_valid: 'Pas encore valable',
    already_redeemed: 'Déjà remis',
    wrong_point: 'Pas à ce point',
    unknown_issuer: 'Pas une des nôtres',
    tampered: 'Pas authentique',
    malformed: 'Illisible',
  },
  alreadyPaid: 'Déjà payé',
  advice: {
    valid:
      'Authentique et due aujourd’hui. Assurez-vous que la personne devant vous est le titulaire, puis remettez ce qui est indiqué.',
    valid_stale:
      'Authentique selon des données anciennes. Assurez-vous que la personne devant vous est le titulaire, puis remettez ce qui est indiqué.',
    revoked:
      'Cette carte, ou le droit qu’elle représente, a été retirée. Ne remettez rien ; gardez la carte et orientez la personne vers le bureau du programme.',
    suspended:
      'Cette carte est bloquée pour l’instant. Ne remettez rien ; orientez la personne vers le bureau du programme.',
    expired:
      'Cette carte n’est plus valable, ou la distribution est terminée. Ne remettez rien ; orientez la personne vers le bureau du programme.',
    not_yet_valid:
      'Cette carte est authentique, mais pas encore valable. Vérifiez la date, puis demandez à la personne de revenir.',
    already_redeemed: 'Tout ce que donne cette carte a déjà été remis. Ne remettez plus rien.',
    wrong_point:
      'Cette carte n’est pas servie par vous. Ne remettez rien ; orientez la personne vers le bureau du programme.',
    unknown_issuer:
      'Cette carte n’est pas connue ici. Ne remettez rien, notez qui l’a présentée et prévenez votre responsable.',
    tampered:
      'Cette carte a été modifiée après sa délivrance. Ne remettez rien, notez qui l’a présentée et prévenez votre responsable.',
    malformed:
      'Ce n’est pas une de nos cartes, ou elle a été mal lue. Nettoyez l’objectif, tenez le papier à plat et scannez de nouveau.',
    elsewhere: point =>
      `Cette carte est servie à ${isolate(point)}. Ne remettez rien ; orientez la personne vers ce point.`,
    cash: {
      valid:
        'Authentique et due. Elle est payée par la banque ou par portefeuille mobile : ne remettez rien ici.',
      already_redeemed: 'Déjà payé, par la banque ou par portefeuille mobile. Ne remettez rien ici.',
    },
  },

  holder: 'Titulaire',
  entitledTo: 'A droit à',
  remaining: 'Reste dû',
  program: 'Programme',
  cycle: 'Cycle',
  reference: 'Droit',
  units: {
    KGM: 'kg',
    GRM: 'g',
    TNE: 't',
    LTR: 'litres',
    C62: 'pièces',
    H87: 'pièces',
    BG: 'sacs',
    BX: 'cartons',
  },

  handOver: 'Remettre',
  confirmHeading: 'Remettre maintenant ?',
  confirmHint: 'Confirmez une fois les biens entre les mains du titulaire. C’est sans retour ici.',
  quantity: 'Quantité à remettre',
  quantityRange: most => `Saisissez un nombre entier de 1 à ${isolate(most)}.`,
  confirm: 'Oui, c’est remis',
  notYet: 'Pas encore',
  booking: 'Enregistrement…',
  handedOver: (what, name, receipt) =>
    `Remis : ${isolate(what)} à ${isolate(name)}. Reçu ${isolate(receipt)}.`,
  unsure:
    'Aucune réponse n’est venue : c’est peut-être enregistré, peut-être pas. Réessayez : ce ne sera enregistré qu’une fois.',
  needsPoint: 'Pour remettre, choisissez le point de service où vous travaillez.',

  offlineHeading: 'Pas de connexion',
  failedHeading: 'Non vérifié',
  trouble: {
    offline: 'Le serveur est injoignable. Rien n’est perdu : vérifiez la connexion, puis réessayez.',
    ended: 'Votre session a pris fin. Connectez-vous de nouveau pour continuer.',
    code: 'Saisissez aussi un code : votre compte a un second facteur.',
    forbidden: 'Votre compte n’y est pas autorisé. Demandez à votre responsable.',
    busy: 'Trop de tentatives. Attendez quelques minutes, puis réessayez.',
    broken:
      'Une erreur s’est produite sur le serveur. Réessayez ; si rien ne change, prévenez votre responsable.',
  },
  rules: {
    'stock-insufficient': 'Le stock de ce point ne suffit pas.',
    'more-than-due': 'C’est plus que ce qui reste dû.',
    'not-in-kind': 'Ce droit est versé en argent : rien n’est remis ici.',
    'receipt-reused': 'Ce reçu a déjà servi à une autre remise.',
    'entitlement-changed': 'Le droit a changé entre-temps. Scannez de nouveau.',
    other: 'Ce n’est pas possible ainsi. Scannez de nouveau ; si rien ne change, prévenez votre responsable.',
  },
}
