using Microsoft.AspNetCore.Connections;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Puts the broker behind a listener of Kestrel, plain or with TLS.</summary>
public static class KestrelTransport
{
    /// <summary>Serves MQTT on each connection.</summary>
    /// <param name="connections">A listener's pipeline.</param>
    /// <param name="broker">Who serves.</param>
    /// <param name="tag">What is to be known of a connection later: its SNI, its port.</param>
    /// <param name="time">For the few seconds that the last bytes may take.</param>
    /// <param name="stopping">The server stops.</param>
    public static void RunMqtt(
        this IConnectionBuilder connections, MqttBroker broker, Func<ConnectionContext, object?> tag, TimeProvider time, CancellationToken stopping) =>
        connections.Run(async connection =>
        {
            await broker.ServeAsync(connection.Transport, tag(connection), stopping);
            AbortUnlessClosedSoon(connection, time);
        });

    /// <summary>Kestrel itself would wait without end for a client that does not read.</summary>
    private static void AbortUnlessClosedSoon(ConnectionContext connection, TimeProvider time)
    {
        var timer = time.CreateTimer(_ => connection.Abort(), null, MqttLimits.Default.Linger, Timeout.InfiniteTimeSpan);
        connection.ConnectionClosed.Register(timer.Dispose);
    }
}
