using System.Collections.Concurrent;
using System.Text;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>A broker with a clock that the test advances.</summary>
internal sealed class TestBroker
{
    public TestBroker(Func<MqttBrokerOptions, MqttBrokerOptions>? configure = null)
    {
        // The tag of a connection is its tenant, too.
        var options = new MqttBrokerOptions { ValidateConnection = SetTenant, Disconnected = (connection, reason, _) => Disconnections.Enqueue((connection.ClientId, reason)) };
        Broker = new(configure is null ? options : configure(options), Time);
    }

    private static ReasonCode SetTenant(MqttConnection connection)
    {
        connection.Tenant = connection.Tag as string;
        return ReasonCode.Success;
    }

    public ManualTimeProvider Time { get; } = new();

    public MqttBroker Broker { get; }

    public ConcurrentQueue<(string ClientId, ReasonCode Reason)> Disconnections { get; } = [];

    public CancellationTokenSource Stopping { get; } = new();

    public TestClient Open(MqttVersion version = MqttVersion.V311, object? tag = null) =>
        new TestClient(Broker, version).Open(tag, Stopping.Token);

    public Task<TestClient> Connect(string clientId, MqttVersion version = MqttVersion.V311, object? tag = null) =>
        Connect(new ConnectPacket { ClientId = clientId, Version = version }, tag);

    public async Task<TestClient> Connect(ConnectPacket connect, object? tag = null)
    {
        var client = Open(connect.Version, tag);
        Assert.Equal(ReasonCode.Success, (await client.Connect(connect)).Reason);
        return client;
    }

    /// <summary>Connects with a persistent session, in any version.</summary>
    public Task<TestClient> ConnectPersistent(string clientId, MqttVersion version = MqttVersion.V311, string? tag = null) => Connect(new ConnectPacket
    {
        ClientId = clientId,
        Version = version,
        CleanStart = false,
        Properties = version == MqttVersion.V5 ? new() { SessionExpiryInterval = 3600 } : MqttProperties.None,
    }, tag);

    public void Publish(string topic, string payload, Qos qos = Qos.AtLeastOnce, bool retain = false, MqttProperties? properties = null,
        string? tenant = null) =>
        Broker.Publish(topic, Encoding.UTF8.GetBytes(payload), qos, retain, properties, tenant);
}

/// <summary>What only tests ask of a broker.</summary>
internal static class MqttBrokerExtensions
{
    /// <summary>The connection of a client id that is in one tenant only; null if it is not connected.</summary>
    public static MqttConnection? Find(this MqttBroker broker, string clientId) => broker.FindAll(clientId).SingleOrDefault();
}
