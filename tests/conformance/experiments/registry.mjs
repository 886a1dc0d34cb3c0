// The registry, endpoints and publishing over HTTPS.

export default [
  {
    id: 'types-of-endpoints',
    question: 'Which types of endpoints does DescribeEndpoint answer, iot:Jobs among them?',
    async observe(t) {
      const result = {};
      for (const endpointType of [undefined, 'iot:Data', 'iot:Data-ATS', 'iot:Jobs', 'iot:CredentialProvider', 'iot:data-ats', 'iot:Nothing']) {
        const { status, error, message } = await t.ask(t.iot.describeEndpoint({ endpointType }));
        result[endpointType ?? 'none'] = { status, error, message };
      }
      return result;
    },
  },
  {
    id: 'publish-to-reserved-topics',
    question: 'How is it refused over HTTPS to publish to a topic that begins with $, has wildcards, too many levels or is too long?',
    creates: { things: 1 },
    async observe(t) {
      const thing = await t.thing();
      const publish = (topic) => t.request('iotdata', 'POST', `/topics/${encodeURIComponent(topic)}`, { body: '{}' });
      const shorter = (outcome) => ({ ...outcome, body: { message: outcome.body?.message?.replace(/x{20,}/g, 'x...') } });
      return {
        notify: await publish(`$aws/things/${thing.name}/jobs/notify`),
        get: await publish(`$aws/things/${thing.name}/jobs/get`),
        wildcard: await publish(`${thing.name}/#`),
        levels: await publish(`${thing.name}/1/2/3/4/5/6/7/8`),
        length: shorter(await publish('x'.repeat(257))),
        plain: await publish(`${thing.name}/plain`),
      };
    },
  },
  {
    id: 'create-thing-twice',
    question: 'How is a second CreateThing answered with the same attributes and with others?',
    creates: { things: 1 },
    async observe(t) {
      const thing = await t.thing('', { attributePayload: { attributes: { color: 'red' } } });
      const create = (color) => t.ask(t.iot.createThing({ thingName: thing.name, attributePayload: { attributes: { color } } }));
      return { same: await create('red'), other: await create('blue') };
    },
  },
  {
    id: 'delete-unknown-thing-and-group',
    question: 'Is it an error to delete a thing or a thing group that does not exist?',
    async observe(t) {
      return { thing: await t.ask(t.iot.deleteThing({ thingName: t.name('thing') })), group: await t.ask(t.iot.deleteThingGroup({ thingGroupName: t.name('group') })) };
    },
  },
  {
    id: 'delete-group-with-children',
    question: 'How is the deletion of a thing group answered that has groups below it, or things in it?',
    creates: { things: 1, 'thing groups': 3 },
    async observe(t) {
      const parent = await t.group('a');
      await t.group('b', { parent });
      const full = await t.group('c', { things: [await t.thing()] });
      const remove = ({ name }) => t.ask(t.iot.deleteThingGroup({ thingGroupName: name }));
      return { withGroups: await remove(parent), withThings: await remove(full) };
    },
  },
];
