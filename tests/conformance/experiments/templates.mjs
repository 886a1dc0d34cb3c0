// Job templates: what a job takes from them, and what they take from a job.

const runCommand = async (t) => (await t.iot.describeManagedJobTemplate({ templateName: 'AWS-Run-Command' })).templateArn;

export default [
  {
    id: 'template-without-a-description',
    question: 'Is a template that is made from a job accepted without a description?',
    creates: { things: 1, jobs: 1, 'job templates': 2 },
    async observe(t) {
      const jobId = await t.job([await t.thing()], { description: 'of the job', timeoutConfig: { inProgressTimeoutInMinutes: 5 } });
      const { jobArn } = await t.describeJob(jobId);
      const jobTemplateId = t.name('template', 'b');
      return {
        without: await t.createTemplate({ label: 'a', jobArn }),
        with: await t.createTemplate({ jobTemplateId, jobArn, description: 'of the template' }),
        template: await t.ask(t.iot.describeJobTemplate({ jobTemplateId })),
      };
    },
  },
  {
    id: 'description-from-a-template',
    question: 'Does a job take the description of its template, of one of the account and of one that AWS provides?',
    creates: { things: 1, jobs: 2, 'job templates': 1 },
    async observe(t) {
      const thing = await t.thing();
      const { answer } = await t.createTemplate({ document: '{}', description: 'of the template' });
      const { jobTemplates } = await t.iot.listJobTemplates({ maxResults: 250 });
      const { jobTemplateArn } = jobTemplates.find(({ jobTemplateId }) => jobTemplateId === t.name('template'));
      const own = await t.createJob({ label: 'own', targets: [thing], jobTemplateArn });
      const managed = await t.createJob({ label: 'managed', targets: [thing], jobTemplateArn: await runCommand(t), documentParameters: { command: 'reboot' } });
      return { template: answer, own, managed };
    },
  },
  {
    id: 'document-and-template',
    question: 'Which document has a job that is made with a template and a document?',
    creates: { things: 1, jobs: 1, 'job templates': 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobTemplateId = t.name('template');
      await t.createTemplate({ jobTemplateId, document: '{"from":"template"}', description: 'with a document' });
      const { jobTemplateArn } = await t.iot.describeJobTemplate({ jobTemplateId });
      const jobId = t.name('job');
      const create = await t.createJob({ jobId, targets: [thing], jobTemplateArn, document: '{"from":"job"}' });
      return { create, document: await t.ask(t.iot.getJobDocument({ jobId })) };
    },
  },
  {
    id: 'optional-parameters-of-a-template',
    question: 'What stands in the document for an optional parameter of a managed template that is not given?',
    creates: { things: 1, jobs: 3 },
    async observe(t) {
      const thing = await t.thing();
      const jobTemplateArn = await runCommand(t);
      const device = await t.device(thing);
      const jobId = t.name('job', 'a');
      const create = await t.createJob({ jobId, targets: [thing], jobTemplateArn, documentParameters: { command: 'reboot' } });
      await t.service.settle();
      return {
        create,
        document: await t.ask(t.iot.getJobDocument({ jobId })),
        parameters: (await t.describeJob(jobId)).documentParameters,
        device: (await device.request('$next/get')).accepted?.execution?.jobDocument,
        withoutARequiredOne: await t.createJob({ label: 'b', targets: [thing], jobTemplateArn, documentParameters: { runAsUser: 'root' } }),
        withAnUnknownOne: await t.createJob({ label: 'c', targets: [thing], jobTemplateArn, documentParameters: { command: 'reboot', color: 'red' } }),
      };
    },
  },
  {
    id: 'templates-that-cannot-be-used',
    question: 'How is CreateJob answered with a template that does not exist, or an ARN that is no template’s?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const arn = (resource) => thing.arn.replace(`thing/${thing.name}`, resource);
      return {
        unknown: await t.createJob({ label: 'a', targets: [thing], jobTemplateArn: arn(`jobtemplate/${t.name('template')}`) }),
        job: await t.createJob({ label: 'b', targets: [thing], jobTemplateArn: arn(`job/${t.name('other')}`) }),
      };
    },
  },
  {
    id: 'create-template-twice',
    question: 'How is a second CreateJobTemplate with the same id answered?',
    creates: { 'job templates': 1 },
    async observe(t) {
      const jobTemplateId = t.name('template');
      const create = () => t.createTemplate({ jobTemplateId, document: '{}', description: 'twice' });
      return { first: await create(), second: await create() };
    },
  },
  {
    id: 'template-of-an-unknown-job',
    question: 'How is a template answered that is made from a job which does not exist?',
    creates: { things: 1, 'job templates': 1 },
    async observe(t) {
      const { arn, name } = await t.thing();
      return t.createTemplate({ jobArn: arn.replace(`thing/${name}`, `job/${t.name('job')}`), description: 'of nothing' });
    },
  },
];
