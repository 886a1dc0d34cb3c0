using System.Net;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>How a side is spoken to.</summary>
internal enum Wire
{
    Http,
    MqttQos0,
    MqttQos1,
}

/// <summary>One of those that are measured in turn: the emulator over a wire, its limit, or a peer.</summary>
internal sealed record Side(string Name, IPEndPoint Http, Wire Wire, ServerProcess? Server = null)
{
    public const string Limit = "limit", Peer = "peer";

    /// <summary>What the server has needed so far; nothing for one that is not ours.</summary>
    public TimeSpan ProcessorTime => Server?.ProcessorTime ?? TimeSpan.Zero;

    public IReadOnlyList<Connection> Connect(int count) =>
        [.. Enumerable.Range(0, count).Select(index =>
            Wire == Wire.Http ? (Connection)new HttpConnection(Http) { Index = index } : ConnectDevice(index))];

    private MqttConnection ConnectDevice(int index)
    {
        var device = new MqttConnection(Server!.MqttAddress!, $"device-{index}") { Index = index };
        if (Wire == Wire.MqttQos1)
        {
            // An answer has the QoS at which the device subscribes to its topic.
            device.Subscribe("$aws/things/+/jobs/+/accepted", qos: 1);
            device.Subscribe("$aws/things/+/jobs/+/+/accepted", qos: 1);
        }
        return device;
    }
}
