using System.Buffers;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Packets;

/// <summary>Packets byte by byte, as in the figures of the specification.</summary>
public sealed class PacketRulesTests
{
    [Theory]
    [InlineData("10 0C 0004 'MQTT' 04 02 003C 0000", MqttVersion.V311)]
    [InlineData("10 0E 0006 'MQIsdp' 03 02 003C 0000", MqttVersion.V31)]
    [InlineData("10 0D 0004 'MQTT' 05 02 003C 00 0000", MqttVersion.V5)]
    public void Every_version_connects(string bytes, MqttVersion version)
    {
        var connect = Assert.IsType<ConnectPacket>(Read(bytes, MqttVersion.V311));

        Assert.Equal((version, true, 60, ""), (connect.Version, connect.CleanStart, connect.KeepAlive, connect.ClientId));
    }

    [Theory]
    [InlineData("10 0C 0004 'MQTT' 06 02 003C 0000", ReasonCode.UnsupportedProtocolVersion)]
    [InlineData("10 0C 0004 'MQTT' 84 02 003C 0000", ReasonCode.UnsupportedProtocolVersion)] // what bridges of mosquitto try first
    [InlineData("10 0C 0004 'mqtt' 04 02 003C 0000", ReasonCode.UnsupportedProtocolVersion)]
    [InlineData("10 0C 0004 'MQTT' 04 03 003C 0000", ReasonCode.MalformedPacket)] // the reserved flag
    [InlineData("10 0C 0004 'MQTT' 04 0A 003C 0000", ReasonCode.MalformedPacket)] // a will's QoS without a will
    [InlineData("10 0C 0004 'MQTT' 04 42 003C 0000", ReasonCode.MalformedPacket)] // a password without a user name
    [InlineData("10 0D 0004 'MQTT' 04 02 003C 0000 00", ReasonCode.MalformedPacket)] // a byte too many
    [InlineData("10 0B 0004 'MQTT' 04 02 003C 00", ReasonCode.MalformedPacket)] // a byte too few
    [InlineData("10 11 0004 'MQTT' 05 02 003C 04 210005 26 0000", ReasonCode.MalformedPacket)] // properties cut short
    [InlineData("10 13 0004 'MQTT' 05 02 003C 06 210005 210005 0000", ReasonCode.ProtocolError)] // receive maximum twice
    [InlineData("10 10 0004 'MQTT' 05 02 003C 03 210000 0000", ReasonCode.ProtocolError)] // receive maximum 0
    [InlineData("10 0F 0004 'MQTT' 05 02 003C 02 2401 0000", ReasonCode.MalformedPacket)] // maximum QoS is not CONNECT's
    [InlineData("00 00", ReasonCode.MalformedPacket)]
    [InlineData("11 00", ReasonCode.MalformedPacket)]
    [InlineData("47 45 5420", ReasonCode.MalformedPacket)] // "GET " of a browser
    [InlineData("36 05 0001 'a' 0001", ReasonCode.MalformedPacket)] // QoS 3
    [InlineData("38 03 0001 'a'", ReasonCode.MalformedPacket)] // a duplicate with QoS 0
    [InlineData("32 05 0001 'a' 0000", ReasonCode.MalformedPacket)] // packet identifier 0
    [InlineData("30 03 0001 '+'", ReasonCode.TopicNameInvalid)]
    [InlineData("30 02 0000", ReasonCode.TopicNameInvalid)]
    [InlineData("30 03 0001 00", ReasonCode.MalformedPacket)] // U+0000
    [InlineData("30 03 0001 FF", ReasonCode.MalformedPacket)] // not UTF-8
    [InlineData("30 05 0003 EDA080", ReasonCode.MalformedPacket)] // half a surrogate pair
    [InlineData("30 FFFFFFFF", ReasonCode.MalformedPacket)] // a length of five bytes
    [InlineData("30 8300 0001 'a'", ReasonCode.MalformedPacket)] // a length that is not encoded in the fewest bytes
    [InlineData("80 06 0001 0001 'a' 00", ReasonCode.MalformedPacket)] // SUBSCRIBE's flags
    [InlineData("8A 06 0001 0001 'a' 00", ReasonCode.MalformedPacket)] // only 3.1 repeats it
    [InlineData("82 02 0001", ReasonCode.ProtocolError)] // nothing subscribed to
    [InlineData("82 06 0001 0001 'a' 03", ReasonCode.MalformedPacket)]
    [InlineData("82 06 0001 0001 'a' 04", ReasonCode.MalformedPacket)] // no local is MQTT 5's
    [InlineData("82 08 0001 0003 'a#b' 00", ReasonCode.TopicFilterInvalid)]
    [InlineData("A2 02 0001", ReasonCode.ProtocolError)]
    [InlineData("C0 01 00", ReasonCode.MalformedPacket)]
    [InlineData("E0 01 00", ReasonCode.MalformedPacket)]
    [InlineData("F0 00", ReasonCode.MalformedPacket)] // AUTH is MQTT 5's
    public void Invalid_packets_have_a_reason_code(string bytes, ReasonCode reason) =>
        Assert.Equal(reason, Assert.Throws<MqttProtocolException>(() => Read(bytes, MqttVersion.V311)).Reason);

    [Theory]
    [InlineData("30 03 0000 00", ReasonCode.ProtocolError)] // neither topic nor alias
    [InlineData("30 07 0001 'a' 03 230000", ReasonCode.TopicAliasInvalid)]
    [InlineData("30 06 0001 'a' 02 0102", ReasonCode.ProtocolError)] // payload format 2
    [InlineData("30 08 0001 'a' 04 0800012B", ReasonCode.ProtocolError)] // a response topic with a wildcard
    [InlineData("30 05 0001 'a' 0102", ReasonCode.MalformedPacket)] // a property cut short
    [InlineData("40 03 0001 01", ReasonCode.ProtocolError)] // a reason that PUBACK cannot give
    [InlineData("E0 01 01", ReasonCode.ProtocolError)]
    [InlineData("82 0F 0001 00 0009 '$share/ga' 00", ReasonCode.TopicFilterInvalid)] // a share without filter
    [InlineData("82 0F 0001 00 0009 '$share//a' 00", ReasonCode.TopicFilterInvalid)] // a share without name
    [InlineData("82 10 0001 00 000A '$share/g/a' 04", ReasonCode.ProtocolError)] // shared and "no local"
    public void Invalid_packets_of_version_5_have_a_reason_code(string bytes, ReasonCode reason) =>
        Assert.Equal(reason, Assert.Throws<MqttProtocolException>(() => Read(bytes, MqttVersion.V5)).Reason);

    [Fact]
    public void Version_3_1_may_repeat_a_subscribe() =>
        Assert.Equal("a", Assert.IsType<SubscribePacket>(Read("8A 06 0001 0001 'a' 01", MqttVersion.V31)).Subscriptions.Single().Filter);

    [Fact]
    public void Version_5_may_leave_out_success_and_properties()
    {
        Assert.Equal(ReasonCode.Success, Assert.IsType<AcknowledgePacket>(Read("40 02 0007", MqttVersion.V5)).Reason);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, Assert.IsType<AcknowledgePacket>(Read("40 03 0007 10", MqttVersion.V5)).Reason);
        Assert.Equal(ReasonCode.DisconnectWithWill, Assert.IsType<DisconnectPacket>(Read("E0 01 04", MqttVersion.V5)).Reason);
    }

    /// <summary>Hexadecimal, with text between quotes.</summary>
    private static MqttPacket Read(string bytes, MqttVersion version)
    {
        var buffer = new ReadOnlySequence<byte>([.. bytes.Split('\'').SelectMany((part, i) =>
            i % 2 == 1 ? System.Text.Encoding.UTF8.GetBytes(part) : Convert.FromHexString(part.Replace(" ", "", StringComparison.Ordinal)))]);
        Assert.True(PacketDecoder.TryRead(ref buffer, version, int.MaxValue, out var packet), "the packet is not whole");
        Assert.True(buffer.IsEmpty, "the packet has bytes after it");
        return packet;
    }
}
