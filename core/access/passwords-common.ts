/*
 * What people choose and attackers try first: words, names of keys, lists of digits. A password is compared with it in
 * lower case, as it is and without the digits and signs around it, so that `Welcome2026!` is `welcome`.
 */
const WORDS = `
  aaaaaaaaaa abcabcabc abcd abcde abcdef abcdefg abcdefgh abcdefghi abcdefghij abcdefghijk abcdefghijkl access
  accessgranted admin adminadmin administrator administrators adminpassword africa agent airplane alexander amanda
  amsterdam andrea angel angels animal annona anthony apple application april arsenal asdasd asdasdasd asdf asdfasdf
  asdfasdfasdf asdfg asdfgh asdfghj asdfghjk asdfghjkl ashley august australia auditor austin autumn awesome
  babygirl bailey banana barcelona baseball basketball batman beautiful beneficiary benjamin bismillah blessed blessing
  blessings bonjour brandon brooklyn buster butterfly california cameron canada carlos caroline cash cashtransfer
  catherine champion changeit changeme changemenow changethis charles charlie cheese chelsea chicken chocolate christ
  christian christopher citizen coffee college company complete computer computers cookie corvette cowboy cricket
  crystal dallas daniel danielle database david december default defaultpassword demo demodemo demopassword
  department diamond director distribution doctor dolphin donald dragon dragons eagle eagles education elephant elizabeth
  emmanuel employee england enter enterprise enterpassword everything example facebook faith faithful family february
  federal ferrari finance flower flowers football forever forgot forgotpassword freedom friday friend friends
  gabriel galaxy gateway george ginger giraffe glory god godisgood godisgreat godislove golden goodluck goodmorning
  goodpassword google government grace graceofgod guest guestguest guitar hallelujah hammer hannah happiness happy harley
  heaven hello hellohello helloworld heritage hockey holiday holyspirit house household hunter hunter2 iloveyou
  iloveyouforever iloveyousomuch iloveyoutoo individual information insecure instagram internet invalid isabella jackson
  jasmine jennifer jessica jesus jesuschrist jesusislord jesuslovesme jesussaves johnny jonathan jordan joseph
  joshua july june justin kenya killer kingdom kingofkings kitty landlord lastpassword laptop lebron letmein
  letmeinnow letmeinplease letmepass liberty lightning lion lionking liverpool london lovelove lovely loveme lover loveyou
  loveyouforever madison maggie manager manchester manchesterunited march marina marine market marlboro martin master
  masterkey masterpassword matrix matthew maverick mercedes merlin michael michelle microsoft midnight minecraft
  ministry mission mitchell mobile monday money monkey monster morgan mother mountain muhammad mustang myname
  mypass mypassword mysecret mysecretpassword nairobi naruto natalie nation national network newlife newpassword
  newyork nicholas nicole nigeria ninja nintendo nobody nopassword notsecure nothing november october office officer
  oneonone oneoneone oneplusone onetwothree onetwothreefour operator orange pakistan pass passcode passpass passphrase
  passw0rd passwd passwor password passwordpassword passwords patrick peace peaches peanut people pepper phoenix
  picture player please pleaseletmein pokemon police poohbear precious president prince princess private
  professional program protect purple qazwsx qazwsxedc qazwsxedcrfv querty qwaszx qweasd qweasdzxc qweqwe
  qweqweqwe qwer qwerqwer qwert qwerty qwertyqwerty qwertyu qwertyui qwertyuio qwertyuiop qwertyuiopasdfgh
  qwertyuiopasdfghjkl qwertz qwertzuiop rabbit rachel raiders rainbow ranger rebecca redcross registrar registry
  richard robert rockstar rockyou ronaldo root rootroot rwanda samantha samsung sandra saturday saviour school
  scooter secret secrets secretpassword secure security senior september server service shadow shalom
  silver simple singapore skywalker slipknot smile smokey snoopy soccer socialprotection softball somalia somebody
  something spider spiderman spring standard starwars station student success sudan summer sunday sunflower sunshine
  super superman superstar superuser supervisor support sweet sweetheart sweetie switzerland sysadmin system
  systemadmin systemadministrator tanzania taylor teacher temp temporary temporarypassword test testaccount tester
  testing testpassword testtest testuser thank thankyou thankyoujesus thankyoulord thomas thunder thursday tigger
  tinkerbell trustno trustnoone trustme tuesday tweety uganda ukraine unicef unicorn unitednations universe university
  unknown user username useruser valentine vanessa victoria victory visitor wednesday welcome welcomeback
  welcomehome welcometo whatever william windows winner winter wisdom wonderful worker world worldbank worldcup
  worldfoodprogramme xxxxxxxxxx yamaha yellow yourpassword zaq1xsw2 zaqxsw zaqxswcde zimbabwe zxcasdqwe zxcv
  zxcvb zxcvbn zxcvbnm zxcvbnmasdfghjkl zxczxc`

/** What is common with its digits and signs, which the other comparison takes off. */
const WITH_DIGITS = `
  0000000000 0101010101 0102030405 0123456789 01234567890 012345678910 0987654321 09876543210 1010101010 1020304050
  1029384756 1111111111 1111122222 1112131415 1122334455 112233445566 1212121212 123123123 1231231231 123123123123
  1231231234 1234123412 123412341234 12341234 1234512345 123454321 123456123456 1234567654321 12345678900 1234567890
  12345678901 123456789012 1234567891 12345678910 1234567891011 123456789123 123456789987654321 1234567899
  12345678987654321 1234554321 123456654321 12345677654321 1357924680 1357913579 1472583690 147258369 147852369
  1597534682 159753456 159357456 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv
  1qazxsw2 1qazxsw23edc 1a2b3c4d5e 1a2s3d4f5g 2222222222 2468101214 246813579 3141592653 31415926535 31415926 3333333333
  4444444444 5555555555 5432154321 6666666666 7777777777 7894561230 789456123 8888888888 9876543210 98765432100
  987654321 987654321987654321 9999999999 9988776655 a1a2a3a4a5 a1b2c3d4 a1b2c3d4e5 a1s2d3f4g5 abc123abc123 abc1234567
  abcd1234abcd abcd12345678 admin123admin p4ssw0rd p@ssw0rd p@ssword pa$$w0rd pa$$word pa55w0rd pa55word passw0rd!
  password123password q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qaz123wsx qwe123qwe qwe123qwe123 qwer1234 qwer1234qwer
  qwer12345678 qwerty123qwerty w3lc0me welc0me l3tm31n s3cr3t z1x2c3v4b5 zaq12wsx zaq12wsxcde3 zxcvbnm1234567890`

const COMMON: ReadonlySet<string> = new Set(`${WORDS} ${WITH_DIGITS}`.trim().split(/\s+/))

/** Whether a password is one of the first that anybody would try. */
export const isCommon = (password: string): boolean => {
  const plain = password.toLowerCase()
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return COMMON.has(plain) || COMMON.has(core) || new Set(plain).size < 3
}
