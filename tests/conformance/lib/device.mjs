// A device over MQTT: what it asks for, and what it hears.
import { setTimeout as pause } from 'node:timers/promises';

/** How long AWS has to answer, and how long nothing has to come before nothing more is expected. */
const [answerSeconds, quietSeconds] = [10, 4];

export class Device {
  #heard = [];
  #client;
  #fences = 0;
  #isClosed = false;

  constructor(fixture, thingName, clientId) {
    this.fixture = fixture;
    this.service = fixture.service;
    this.jobs = `$aws/things/${thingName}/jobs/`;
    this.clientId = clientId;
  }

  async connect() {
    this.#client = await this.service.connect({ clientId: this.clientId, clean: true, reconnectPeriod: 0, connectTimeout: 15_000, keepalive: 60 });
    this.#client.on('message', (topic, payload, { qos }) => this.#heard.push({ topic, payload: payload.toString(), qos }));
    this.#client.on('close', () => (this.#isClosed = true));
    await new Promise((resolve, reject) => this.#client.once('connect', resolve).once('error', reject).once('close', () => reject(new Error('the connection was refused'))));
    this.#client.on('error', () => {}); // a closed connection is an observation
  }

  /** Topics below `$aws/things/THING/jobs/`, or whole ones that begin with `$`; eight a SUBSCRIBE, as AWS limits it. */
  async subscribe(topics, qos = 1) {
    const filters = topics.map((topic) => this.#whole(topic));
    for (let start = 0; start < filters.length; start += 8) await this.#client.subscribeAsync(filters.slice(start, start + 8), { qos });
  }

  /** Publishes; does not wait for an answer. */
  send(topic, payload = '', qos = 1) {
    this.#client.publish(this.#whole(topic), typeof payload === 'string' ? payload : JSON.stringify(payload), { qos });
  }

  /** Publishes a request and waits for its answer: `{accepted}`, `{rejected}`, or says that there was none. */
  async request(topic, payload = {}) {
    const answer = await this.#answer(topic, payload);
    if (!answer) return this.#isClosed ? 'disconnected' : 'no answer';
    return { [answer.topic.endsWith('/accepted') ? 'accepted' : 'rejected']: this.#plain(answer.payload) };
  }

  /** The same, with the payload of the answer as it came. */
  raw = async (topic, payload = {}) => (await this.#answer(topic, payload))?.payload ?? '';

  async #answer(topic, payload) {
    const ends = ['accepted', 'rejected'].map((end) => `${this.#whole(topic)}/${end}`);
    const answers = () => this.#heard.filter((message) => ends.includes(message.topic));
    const before = answers().length;
    this.send(topic, payload);
    await this.#come(() => answers().length > before);
    return answers()[before];
  }

  /** Everything heard since the last time, in order, when nothing more comes: `[{topic, payload}]`. */
  async heard({ qos = false } = {}) {
    await this.#quiet();
    return this.#heard.splice(0).map((message) => ({
      topic: this.fixture.placeholders.text(message.topic.startsWith(this.jobs) ? message.topic.slice(this.jobs.length) : message.topic),
      ...(qos && { qos: message.qos }),
      payload: this.#plain(message.payload),
    }));
  }

  /** The topics of it, without the payloads. */
  topics = async () => (await this.heard()).map(({ topic }) => topic);

  async isConnected() {
    await this.#quiet();
    return !this.#isClosed;
  }

  end() {
    this.#client?.end(true);
  }

  #whole = (topic) => (topic.startsWith('$aws/') ? topic : this.jobs + topic);

  #plain(payload) {
    try {
      return this.fixture.plain(JSON.parse(payload));
    } catch {
      return this.fixture.plain(payload);
    }
  }

  /** Waits until something has come; gives up where it cannot come any more. */
  async #come(hasCome) {
    if (this.service.isAws) return this.#seconds(answerSeconds, hasCome);
    return this.#fence();
  }

  /** Waits until nothing more comes. */
  async #quiet() {
    if (!this.service.isAws) return this.#fence();
    for (let heard = -1; heard !== this.#heard.length && !this.#isClosed; ) {
      heard = this.#heard.length;
      await this.#seconds(quietSeconds, () => this.#heard.length !== heard);
    }
  }

  async #seconds(seconds, isEnough) {
    for (let tries = 0; tries < seconds * 20 && !isEnough() && !this.#isClosed; tries++) await pause(50);
  }

  /** The emulator answers in order: when this is answered, everything before it has been. */
  async #fence() {
    const clientToken = `${this.clientId}-fence-${++this.#fences}`;
    this.send('get', { clientToken });
    const isFence = ({ payload }) => payload.includes(clientToken);
    for (let tries = 0; tries < 3000 && !this.#heard.some(isFence) && !this.#isClosed; tries++) await pause(5);
    if (!this.#isClosed && !this.#heard.some(isFence)) throw new Error('the emulator did not answer within fifteen seconds');
    this.#heard = this.#heard.filter((message) => !isFence(message));
  }
}
