using System.Net;
using IoTJobsEmulator.Benchmarks.Load;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>How a side is spoken to.</summary>
internal enum Wire
{
    Http,
    MqttQos0,
    MqttQos1,
}

/// <summary>One of those that are measured in turn: the emulator over a wire, its limit, or a peer.</summary>
internal sealed record Side(string Name, IPEndPoint Http, Wire Wire, IPEndPoint? Mqtt = null)
{
    public const string Limit = "limit", Peer = "peer";

    /// <summary>Requests per second of each round.</summary>
    public List<double> Rates { get; } = [];

    public Latencies Latencies { get; } = new();

    public IReadOnlyList<Connection> Connect(int count)
    {
        Connection[] connections = [.. Enumerable.Range(0, count).Select(Connect1)];
        return connections;

        Connection Connect1(int index)
        {
            Connection connection = Wire == Wire.Http ? new HttpConnection(Http) : new MqttConnection(Mqtt!, $"device-{index}");
            connection.Index = index;
            return connection;
        }
    }
}
