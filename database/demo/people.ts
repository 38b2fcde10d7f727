import { type SceneName } from './scenes.js'

export interface DemoPicture {
  scene: SceneName
  seed: number
  altText: string
  /** What must stay in sight when the picture is cropped: 0..1 from the left and from the top. The middle unless told. */
  focalPoint?: { x: number; y: number }
}

export interface DemoAlbum {
  /** The author's username. */
  author: string
  caption: string
  visibility: 'public' | 'followers'
  daysAgo: number
  archived?: boolean
  pinned?: boolean
  pictures: DemoPicture[]
}

export interface DemoPerson {
  username: string
  name: string
  pronouns: string
  bio: string
  website: string
  avatar: Pick<DemoPicture, 'scene' | 'seed'>
}

/** The password of everyone in the demo. */
export const PASSWORD = 'silver and salt'

/** Who lives in the demo; the first is the one to log in as. */
export const people: DemoPerson[] = [
  {
    username: 'mira',
    name: 'Mira Lindqvist',
    pronouns: 'she/her',
    bio: 'Up before the sun, mostly for mountains. One camera, one lens, too many thermos flasks.',
    website: 'https://mira.example.org',
    avatar: { scene: 'ridges', seed: 22 },
  },
  {
    username: 'tomas_okafor',
    name: 'Tomás Okafor',
    pronouns: 'he/him',
    bio: 'Night walks and wet windows. I like cities best when they are asleep.',
    website: 'https://okafor.example.com',
    avatar: { scene: 'rain', seed: 12 },
  },
  {
    username: 'yuki_h',
    name: '林 ゆき',
    pronouns: 'she/they',
    bio: '葉っぱと光。Botanist, close-ups only, ask me about beech trees.',
    website: 'https://leaves.example.org/yuki',
    avatar: { scene: 'leaves', seed: 15 },
  },
  {
    username: 'salma',
    name: 'Salma Benali',
    pronouns: 'elle',
    bio: 'Guide dans le sud. Le sable change tous les jours, moi aussi.',
    website: 'https://benali.example.com',
    avatar: { scene: 'dunes', seed: 13 },
  },
  {
    username: 'joerg_k',
    name: 'Jörg Kessler',
    pronouns: 'er/ihm',
    bio: 'Sternwarte am Wochenende, Nebel unter der Woche. Alles vom Stativ.',
    website: 'https://kessler.example.org',
    avatar: { scene: 'stars', seed: 14 },
  },
  {
    username: 'nell',
    name: 'Nell Abernathy',
    pronouns: 'they/them',
    bio: 'I live on a small boat and photograph what floats by. Slow replies, good tea.',
    website: 'https://nell.example.com/boat',
    avatar: { scene: 'sea', seed: 12 },
  },
]

/** What they have published, the newest first. */
export const albums: DemoAlbum[] = [
  {
    author: 'mira',
    caption: 'Four mornings, same bench. The fog never comes twice. #dawn',
    visibility: 'public',
    daysAgo: 0.2,
    pictures: [
      picture('ridges', 4, 'Rows of mountain ridges under an orange dawn, the nearest almost black'),
      picture('ridges', 6, 'Ridges in violet haze, the sun just above the highest peak'),
      picture('ridges', 1, 'Pale blue mountains under thin, wind-combed clouds'),
      picture('ridges', 7, 'Golden haze between dark wooded hills'),
    ],
  },
  {
    author: 'nell',
    caption: 'Anchored, nothing to report.',
    visibility: 'public',
    daysAgo: 0.8,
    pictures: [picture('sea', 4, 'The sun above a calm sea, its light a road on the water')],
  },
  {
    author: 'tomas_okafor',
    caption: 'Last tram, front seat. #rain #nightwalk',
    visibility: 'public',
    daysAgo: 1.3,
    pictures: [
      picture('rain', 3, 'Orange and blue street lamps out of focus behind a window covered in drops'),
      picture('rain', 9, 'Warm lights blurred by rain on glass'),
      picture('rain', 7, 'Pink and violet neon behind a wet window'),
    ],
  },
  {
    author: 'yuki_h',
    caption: '朝の光。若葉がいちばん透ける時間。',
    visibility: 'public',
    daysAgo: 2.1,
    pictures: [
      picture('leaves', 3, 'Fresh green leaves on a twig with the light behind them', { x: 0.45, y: 0.4 }),
      picture('leaves', 6, 'A row of young leaves, every vein visible', { x: 0.5, y: 0.35 }),
    ],
  },
  {
    author: 'salma',
    caption: 'Six heures du matin, personne. On marche sur la crête, jamais dans la pente. #désert',
    visibility: 'public',
    daysAgo: 3.4,
    pictures: [
      picture('dunes', 4, 'A dune with one side in deep shadow under a purple sky', { x: 0.4, y: 0.55 }),
      picture('dunes', 1, 'Orange dunes at first light'),
      picture('dunes', 10, 'Red sand and long shadows before sunrise'),
    ],
  },
  {
    author: 'joerg_k',
    caption: 'Neumond, −6 °C, zwei Akkus leer. Hat sich gelohnt. #milchstraße',
    visibility: 'public',
    daysAgo: 4.5,
    pinned: true,
    pictures: [
      picture('stars', 4, 'The Milky Way in violet above a ridge, a camp fire below', { x: 0.5, y: 0.4 }),
      picture('stars', 2, 'Stars in a green night sky over dark hills'),
    ],
  },
  {
    author: 'mira',
    caption: 'A lake that could not decide which way was up.',
    visibility: 'public',
    daysAgo: 5.2,
    pinned: true,
    pictures: [
      picture('lake', 3, 'A snowy peak and its reflection in a blue lake', { x: 0.78, y: 0.32 }),
      picture('lake', 4, 'Mountains in evening light, mirrored in still water'),
    ],
  },
  {
    author: 'tomas_okafor',
    caption: 'The view I pay too much rent for. #skyline #bluehour',
    visibility: 'public',
    daysAgo: 6.6,
    pinned: true,
    pictures: [
      picture('skyline', 1, 'A city skyline at night across a river'),
      picture('skyline', 2, 'Towers in the blue hour, reflected in the water'),
      picture('skyline', 3, 'Lit windows and lamps out of focus by the river'),
    ],
  },
  {
    author: 'nell',
    caption: 'Drifted inland by mistake. Stayed for the clouds.',
    visibility: 'public',
    daysAgo: 7.7,
    pictures: [
      picture('clouds', 4, 'White cumulus over wheat fields'),
      picture('clouds', 3, 'Large clouds above a green plain with a few trees'),
    ],
  },
  {
    author: 'joerg_k',
    caption: 'Hochwald, kurz nach sieben. Man hört nur Tropfen. #nebel',
    visibility: 'public',
    daysAgo: 9.1,
    pictures: [
      picture('forest', 3, 'Dark conifers fading into white fog'),
      picture('forest', 2, 'A blue foggy slope with tall spruces'),
      picture('forest', 6, 'Spruces one behind the other, each paler'),
    ],
  },
  {
    author: 'salma',
    caption: 'Pour les amis seulement: notre bivouac.',
    visibility: 'followers',
    daysAgo: 10.4,
    pictures: [
      picture('stars', 7, 'A fire at the foot of the hills, stars above', { x: 0.56, y: 0.95 }),
      picture('dunes', 7, 'Red dunes in the last light'),
    ],
  },
  {
    author: 'yuki_h',
    caption: 'Autumn homework: find two leaves of the same colour. (Failed.) #autumn',
    visibility: 'public',
    daysAgo: 12.3,
    pinned: true,
    pictures: [
      picture('leaves', 4, 'Orange leaves hanging from a twig', { x: 0.5, y: 0.45 }),
      picture('leaves', 1, 'Golden leaves on a thin twig, those behind it out of focus', { x: 0.4, y: 0.25 }),
      picture('leaves', 7, 'Orange leaves against the light'),
    ],
  },
  {
    author: 'mira',
    caption: 'Testing a new route for the spring. Do not tell anyone.',
    visibility: 'followers',
    daysAgo: 13.8,
    pictures: [picture('lake', 2, 'A grey lake under a rocky mountain with the first snow')],
  },
  {
    author: 'tomas_okafor',
    caption: 'Chuva.',
    visibility: 'public',
    daysAgo: 15.5,
    pictures: [picture('rain', 1, 'Magenta and cyan lights behind drops on a window')],
  },
  {
    author: 'nell',
    caption: 'Sunsets of the week, ranked from worst to best. There is no worst. #sunset #boatlife',
    visibility: 'public',
    daysAgo: 17.2,
    pictures: [
      picture('sea', 7, 'A pale sun over a teal sea'),
      picture('sea', 8, 'The sun low over a golden sea'),
      picture('sea', 10, 'A pink sky, the sun close to the horizon'),
      picture('sea', 16, 'A broad road of evening light on small waves'),
      picture('sea', 2, 'A red sunset over open water'),
    ],
  },
  {
    author: 'salma',
    caption: 'Le vent a tout redessiné cette nuit.',
    visibility: 'public',
    daysAgo: 19.9,
    pictures: [
      picture('dunes', 2, 'Pale dunes with fine ripples'),
      picture('dunes', 3, 'Ripples in the sand lead to far dunes under a blue sky'),
    ],
  },
  {
    author: 'joerg_k',
    caption:
      'First light of the new tracker. Comments on the noise are welcome, I have heard them all. #astrophotography',
    visibility: 'public',
    daysAgo: 22.6,
    pictures: [
      picture('stars', 3, 'The centre of the Milky Way above a dark mountain', { x: 0.5, y: 0.35 }),
      picture('stars', 5, 'A teal night sky with a faint band of stars'),
    ],
  },
  {
    author: 'yuki_h',
    caption: 'Understory, after rain. #green',
    visibility: 'public',
    daysAgo: 25.1,
    pictures: [picture('leaves', 2, 'Cool green leaves in soft light', { x: 0.4, y: 0.5 })],
  },
  {
    author: 'mira',
    caption: 'Old scans, kept for the colours only.',
    visibility: 'public',
    daysAgo: 28.4,
    archived: true,
    pictures: [picture('clouds', 2, 'Evening clouds over brown fields'), picture('ridges', 5, 'Hazy blue ridges')],
  },
  {
    author: 'tomas_okafor',
    caption: 'Every window is somebody who should be asleep. #nightwalk',
    visibility: 'public',
    daysAgo: 31.7,
    pictures: [picture('skyline', 4, 'Dark towers with scattered lit windows, lamps out of focus in front')],
  },
  {
    author: 'nell',
    caption: 'Calm enough to hear the kettle. Tè per due.',
    visibility: 'public',
    daysAgo: 35.3,
    pictures: [
      picture('sea', 5, 'A bright, nearly white sea under a pale sun'),
      picture('lake', 5, 'Still water and a bare mountain in soft light'),
    ],
  },
  {
    author: 'joerg_k',
    caption: 'Wanderung mit @mira: sie den Sonnenaufgang, ich den Wald davor. #dawn',
    visibility: 'public',
    daysAgo: 40.6,
    pictures: [
      picture('forest', 1, 'A slope of conifers in warm morning fog'),
      picture('forest', 4, 'Spruces before a hazy, sepia hillside', { x: 0.6, y: 0.75 }),
    ],
  },
]

function picture(scene: SceneName, seed: number, altText: string, focalPoint?: DemoPicture['focalPoint']): DemoPicture {
  return { scene, seed, altText, focalPoint }
}
