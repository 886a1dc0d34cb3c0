using System.Text;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Tests.Mqtt.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests;

/// <summary>A device of the emulator in process, over a line in memory.</summary>
internal sealed class Device
{
    private readonly Emulator _emulator;
    private readonly TestClient _client;

    private Device(Emulator emulator, MqttBroker broker) =>
        (_emulator, _client) = (emulator, new(broker, MqttVersion.V311));

    public static async Task<Device> Connect(Emulator emulator, string clientId, string? userName = null, object? line = null)
    {
        var device = new Device(emulator, emulator.Services.GetRequiredService<DeviceGateway>().Broker);
        device._client.Open(line, CancellationToken.None);
        Assert.Equal(ReasonCode.Success, (await device._client.Connect(new() { ClientId = clientId, UserName = userName })).Reason);
        return device;
    }

    /// <summary>Subscribes when all that was announced before is delivered, so that the device hears only what comes after.</summary>
    public async Task Subscribe(string filter, Qos qos = Qos.AtLeastOnce)
    {
        await _emulator.Turns.WhenIdle();
        await _client.Subscribe(filter, qos);
    }

    /// <summary>A topic, and behind a blank the payload.</summary>
    public Task Publish(string message, Qos qos = Qos.AtLeastOnce)
    {
        var parts = message.Split([' ', '\n'], 2);
        return _client.Publish(parts[0], parts.ElementAtOrDefault(1) ?? "", qos);
    }

    /// <summary>The QoS of the next message.</summary>
    public async Task<Qos> HeardQos() => (await _client.ReceiveMessage()).Qos;

    /// <summary>Sends without waiting for anything.</summary>
    public Task Send(string topic, string payload) => _client.Send(new PublishPacket(topic, Encoding.UTF8.GetBytes(payload)));

    /// <summary>Waits until the emulator has ended the connection.</summary>
    public Task Ended() => _client.Ended();

    /// <summary>Everything that has come since it was asked last, once all is done that is due.</summary>
    public async Task<IReadOnlyList<(string Topic, string Payload)>> Heard()
    {
        const string Mark = "mark";
        await _emulator.RunDueWork();
        await _emulator.Turns.WhenIdle();
        _client.Connection!.Send(Mark, default);
        List<(string Topic, string Payload)> heard = [];
        while (await _client.ReceiveMessage() is { Topic: not Mark } message)
            heard.Add((message.Topic, Encoding.UTF8.GetString(message.Payload.Span)));
        return heard;
    }
}
