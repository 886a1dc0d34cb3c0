using System.Text;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Tests.Mqtt.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>Messages over HTTP: their tenant, and what devices receive. Conversations/IotData has them in full.</summary>
public sealed class IotDataTests
{
    private static readonly (string Name, string Value)
        East = Emulator.Signed("iotdata"), West = Emulator.Signed("iotdata", "eu-west-1"), OtherAccount = Emulator.Signed("iotdata", accessKeyId: "111122223333");

    [Fact]
    public async Task A_message_reaches_the_clients_of_its_account_and_region_and_those_that_state_none()
    {
        using var emulator = new Emulator();
        var (east, west, withoutTenant) = (await Device.Connect(emulator, "east", "?region=us-east-1"), await Device.Connect(emulator, "west", "?region=eu-west-1"), await Device.Connect(emulator, "nobodys"));
        foreach (var device in new[] { east, west, withoutTenant })
            await device.Subscribe("plant/#");

        foreach (var (caller, payload) in new[] { (East, "1"), (West, "2"), (OtherAccount, "3") })
            Assert.Equal(200, (await emulator.Send("POST", "/topics/plant/1", payload, caller)).Status);
        await emulator.Send("POST", "/topics/plant/1", "4"); // who does not sign is of the account and region of the settings

        Assert.Equal(["1", "4"], await Payloads(east));
        Assert.Equal(["2"], await Payloads(west));
        Assert.Equal(["1", "2", "3", "4"], await Payloads(withoutTenant));
    }

    [Fact]
    public async Task A_retained_message_is_seen_by_its_account_and_region_and_by_clients_that_state_none()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/topics/plant/1?retain=true", "east", East);
        await emulator.Send("POST", "/topics/plant/1?retain=true", "west", West);
        await emulator.Send("POST", "/topics/plant/2?retain=true", "west", West);
        await Retain(emulator, "plant/3", "nobody's");

        Assert.Equal("plant/1 plant/3: east", await Seen(East));
        Assert.Equal("plant/1 plant/2 plant/3: west", await Seen(West));
        Assert.Equal("plant/3: ", await Seen(OtherAccount));
        foreach (var (userName, received) in new[] { ("?region=us-east-1", "east nobody's"), ("?region=eu-west-1", "nobody's west west"), ("?account=111122223333", "nobody's"), ("", "nobody's west west") })
        {
            var device = await Device.Connect(emulator, "listener", userName);
            var payloads = new List<string>();
            foreach (var topic in (string[])["plant/1", "plant/2", "plant/3"])
            {
                await device.Subscribe(topic);
                payloads.AddRange(await Payloads(device));
            }
            Assert.Equal(received, string.Join(' ', payloads.Order(StringComparer.Ordinal)));
        }

        // The topics that a caller is listed, and what is on the first of them.
        async Task<string> Seen((string, string) caller)
        {
            var topics = (await emulator.Send("GET", "/retainedMessage", null, caller)).Json["retainedTopics"]!.AsArray().Select(message => (string?)message!["topic"]);
            var payload = (string?)(await emulator.Send("GET", "/retainedMessage/plant/1", null, caller)).Json["payload"] ?? "";
            return $"{string.Join(' ', topics)}: {Encoding.UTF8.GetString(Convert.FromBase64String(payload))}";
        }
    }

    [Fact]
    public async Task MQTT_5_properties_are_passed_on()
    {
        using var emulator = new Emulator();
        var device = Client(emulator, MqttVersion.V5);
        await device.Connect(new() { ClientId = "pump-1" });
        await device.Subscribe("plant/1");

        var answer = await emulator.Send("POST", "/topics/plant/1?qos=1&contentType=text/plain&responseTopic=plant/1/answer&messageExpiry=60", "hello",
            ("x-amz-mqtt5-user-properties", Base64("""[{"site":"north"},{"site":"south","floor":"1"}]""")), ("x-amz-mqtt5-payload-format-indicator", "UTF8_DATA"), ("x-amz-mqtt5-correlation-data", Base64("7")));

        Assert.Equal("""{"message":"OK"}""", answer.Body);
        var received = await device.ReceiveMessage();
        var properties = received.Properties;
        Assert.Equal((Qos.AtLeastOnce, "hello"), (received.Qos, Encoding.UTF8.GetString(received.Payload.Span)));
        Assert.Equal(("text/plain", "plant/1/answer", 60u, (byte)1, "7"), (properties.ContentType, properties.ResponseTopic, properties.MessageExpiryInterval, properties.PayloadFormatIndicator, Encoding.UTF8.GetString(properties.CorrelationData!.Value.Span)));
        Assert.Equal([new("site", "north"), new("site", "south"), new("floor", "1")], properties.UserProperties);
    }

    [Fact]
    public async Task Any_bytes_up_to_the_limit_are_a_payload()
    {
        using var emulator = new Emulator();
        var most = new byte[128 * 1024];
        most[1] = 0xFF;
        Assert.Equal(200, (await emulator.SendBytes("POST", "/topics/plant/1?retain=true", most)).Status);
        Assert.Equal(Convert.ToBase64String(most), (string?)(await emulator.Send("GET", "/retainedMessage/plant/1")).Json["payload"]);
        Assert.Equal(
            (400, "InvalidRequestException", "1 validation error detected: Value at 'payload' failed to satisfy constraint: Member must have length less than or equal to 131072"),
            (await emulator.SendBytes("POST", "/topics/plant/1", [.. most, 0])).Refusal);
    }

    [Theory]
    [InlineData("POST", "/topics/plant/1?retain=true")]
    [InlineData("GET", "/retainedMessage/plant/1")]
    [InlineData("GET", "/retainedMessage")]
    public async Task Messages_take_no_turn(string method, string path)
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/topics/plant/1?retain=true", "1");
        var realm = emulator.Turns.RealmOf("123456789012", "us-east-1");
        await emulator.Turns.Take(realm, () => true);
        var lastTurn = realm.Now;
        emulator.Time.Pass(TimeSpan.FromMinutes(1));

        var answer = await emulator.Server.SendAsync(
            context => (context.Request.Method, context.Request.Path, context.Request.QueryString) = (method, path.Split('?')[0], new(path.Contains('?') ? "?retain=true" : "")),
            TestContext.Current.CancellationToken);

        Assert.Equal((200, lastTurn), (answer.Response.StatusCode, realm.Now)); // a turn sets the moment
    }

    private static async Task Retain(Emulator emulator, string topic, string payload)
    {
        var client = Client(emulator, MqttVersion.V311);
        await client.Connect(new() { ClientId = "retainer" });
        await client.Publish(topic, payload, retain: true);
    }

    internal static TestClient Client(Emulator emulator, MqttVersion version) =>
        new TestClient(emulator.Services.GetRequiredService<DeviceGateway>().Broker, version).Open(null, CancellationToken.None);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<IEnumerable<string>> Payloads(Device device) => (await device.Heard()).Select(message => message.Payload);
}
