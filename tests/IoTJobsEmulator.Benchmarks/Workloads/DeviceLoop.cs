using IoTJobsEmulator.Benchmarks.Limits;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>Devices at work, one on each connection: start the next job, report that it goes on, report that it is done. Each is a request.</summary>
internal sealed class DeviceLoop() : RateWorkload("device-loop", "start-next, update IN_PROGRESS, update SUCCEEDED; a thing for each connection")
{
    private const int JobsPrepared = 9_600, Steps = 3;

    private const string InProgress = """{"status":"IN_PROGRESS"}""", Succeeded = """{"status":"SUCCEEDED"}""";

    protected override IReadOnlyList<Wire> Wires => [Wire.Http, Wire.MqttQos0, Wire.MqttQos1];

    protected override bool Writes => true;

    protected override IEnumerable<string> Settings => ["--active-jobs", "10000000"];

    protected override IEnumerable<Sample> Samples =>
    [
        new("PUT", "/jobs/{jobId}", AwsRequest.Control("PUT", $"/jobs/{LimitServer.SampleJob}", JobBody.For(Names.ThingArn(0)))),
        new("PUT", "/things/{thingName}/jobs/$next", AwsRequest.Device("PUT", $"/things/{LimitServer.SampleThing}/jobs/$next", "{}")),
        new("POST", "/things/{thingName}/jobs/{jobId}", Update(LimitServer.SampleThing, LimitServer.SampleJob, InProgress)),
        new("POST", "/things/{thingName}/jobs/{jobId}", Update(LimitServer.SampleThing, LimitServer.SampleJob, Succeeded)),
    ];

    protected override void Refresh(Api api, int connections)
    {
        api.Reset();
        for (var i = 0; i < connections; i++)
            api.CreateThing(Names.Thing(1 + i));
        Bulk.Send(api.Address, JobsPrepared, () =>
        {
            Numbered[] creates = [.. Enumerable.Range(1, connections).Select(thing => new Numbered(AwsRequest.Control("PUT", $"/jobs/{Names.JobOf(thing)}", JobBody.For(Names.ThingArn(thing)))))];
            return number => creates[number % connections].With(number / connections);
        }, lanes: connections);
    }

    protected override NextRequest Requests(Wire wire, int connections)
    {
        Device[] devices = [.. Enumerable.Range(1, connections).Select(thing => new Device(StepsOf(wire, Names.Thing(thing), Names.JobOf(thing)), JobsPrepared / connections))];
        return connection => devices[connection].Next();
    }

    protected override Target? Target(string mode, Wire wire, int connections) => (mode, wire, connections) switch
    {
        (Mode.Default, Wire.Http, 8) => Report.Target.AtLeast(0.5),
        (Mode.Database, Wire.Http, 8) => Report.Target.AtLeast(0.85),
        (_, Wire.MqttQos0 or Wire.MqttQos1, 32) => Report.Target.AtLeast(1),
        _ => null,
    };

    private static byte[][] StepsOf(Wire wire, string thing, string job)
    {
        if (wire == Wire.Http)
            return [AwsRequest.Device("PUT", $"/things/{thing}/jobs/$next", "{}"), Update(thing, job, InProgress), Update(thing, job, Succeeded)];
        var (topic, qos) = ($"$aws/things/{thing}/jobs/", wire == Wire.MqttQos1 ? 1 : 0);
        return [MqttPacket.Publish(topic + "start-next", "{}", qos), MqttPacket.Publish($"{topic}{job}/update", InProgress, qos), MqttPacket.Publish($"{topic}{job}/update", Succeeded, qos)];
    }

    private static byte[] Update(string thing, string job, string report) => AwsRequest.Device("POST", $"/things/{thing}/jobs/{job}", report);

    private sealed class Device(byte[][] steps, int jobs)
    {
        private readonly Numbered[] _steps = [.. steps.Select(step => new Numbered(step))];
        private int _step;

        public ReadOnlyMemory<byte> Next()
        {
            if (_step == jobs * Steps)
                return default;
            var request = _steps[_step % Steps].With(_step / Steps);
            _step++;
            return request;
        }
    }
}
