using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

public sealed class TopicsTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", false)] // not as in MQTT, but as on AWS
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", false)]
    [InlineData("sport/#", "sport/", true)]
    [InlineData("sport/#", "sports", false)]
    [InlineData("#", "sport/tennis", true)]
    [InlineData("#", "/", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("+/tennis/#", "sport/tennis", false)]
    [InlineData("+/tennis/#", "tennis", false)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    [InlineData("a", "A", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("#", "$aws/events/job/j/completed", false)]
    [InlineData("+/events/#", "$aws/events/job/j/completed", false)]
    [InlineData("$aws/#", "$aws/events/job/j/completed", true)]
    [InlineData("$aws/things/+/jobs/+/update/accepted", "$aws/things/pump-1/jobs/j/update/accepted", true)]
    [InlineData("$aws/things/pump-1/jobs/notify", "$aws/things/pump-1/jobs/notify-next", false)]
    [InlineData("+/$b", "a/$b", true)]
    public void A_filter_matches_topics(string filter, string topic, bool matches)
    {
        Assert.Equal(matches, Topics.Matches(filter, topic));
        Assert.Equal(matches, TreeMatches(filter, topic));
    }

    [Theory]
    [InlineData("#", true)]
    [InlineData("/", true)]
    [InlineData("+/+/#", true)]
    [InlineData("a b/ö", true)]
    [InlineData("$share/group/a/#", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("a/#/b", false)]
    [InlineData("#/", false)]
    [InlineData("a+", false)]
    [InlineData("a/+b", false)]
    [InlineData("$share/group", false)]
    [InlineData("$share/group/", false)]
    [InlineData("$share//a", false)]
    [InlineData("$share/g+/a", false)]
    [InlineData("$share/g/a#", false)]
    public void A_filter_is_well_formed_or_not(string filter, bool isFilter) => Assert.Equal(isFilter, Topics.IsFilter(filter));

    [Theory]
    [InlineData("a/b/c/d/e/f/g/h", true)]
    [InlineData("a/b/c/d/e/f/g/h/i", false)]
    [InlineData("$aws/things/t/jobs/j/namespace-n/update/accepted", true)]
    [InlineData("$aws/rules/rule/a/b/c/d/e/f/g/h", true)] // Basic Ingest: three slashes are free
    [InlineData("$aws/rules/rule/a/b/c/d/e/f/g/h/i", false)]
    public void A_topic_has_seven_slashes_at_the_most(string topic, bool isWithin) => Assert.Equal(isWithin, Topics.IsWithin(MqttLimits.Default, topic));

    [Fact]
    public void A_topic_has_256_bytes_at_the_most()
    {
        Assert.True(Topics.IsWithin(MqttLimits.Default, new string('a', 256)));
        Assert.False(Topics.IsWithin(MqttLimits.Default, new string('a', 257)));
        Assert.False(Topics.IsWithin(MqttLimits.Default, new string('ö', 129)));
    }

    [Fact]
    public void The_tree_finds_what_the_filters_match_and_not_what_is_removed()
    {
        var random = new Random(1);
        string[] levels = ["a", "b", "c", "+", ""];
        var tree = new SubscriptionTree(MqttLimits.Default, new(null));
        var sessions = Enumerable.Range(0, 200).Select(i => NewSession($"s{i}")).ToList();
        var filters = sessions.ToDictionary(s => s, _ =>
            string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => levels[random.Next(5)])) is var f && random.Next(3) == 0 ? f + "/#" : f.Length == 0 ? "a" : f);
        foreach (var (session, filter) in filters)
            tree.Set(new(session, new SubscriptionRequest(filter, Qos.AtLeastOnce)));

        while (filters.Count > 0)
        {
            for (var i = 0; i < 20; i++)
            {
                var topic = string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => levels[random.Next(3)]));
                Assert.Equal(
                    filters.Where(f => Topics.Matches(f.Value, topic)).Select(f => f.Key.ClientId).Order(StringComparer.Ordinal),
                    Found(tree, topic).Select(s => s.Session.ClientId).Order(StringComparer.Ordinal));
            }
            foreach (var (session, filter) in filters.Take(10).ToList())
            {
                tree.Remove(session, filter);
                filters.Remove(session);
                Assert.Equal(filters.Count, tree.Count);
            }
        }
    }

    private static bool TreeMatches(string filter, string topic)
    {
        var tree = new SubscriptionTree(MqttLimits.Default, new(null));
        tree.Set(new(NewSession("pump-1"), new SubscriptionRequest(filter, Qos.AtLeastOnce)));
        return Found(tree, topic).Count == 1;
    }

    private static Session NewSession(string clientId)
    {
        var client = new ClientKey(null, clientId);
        return new(client, new(MqttLimits.Default, new(MqttLimits.Default, new(null)), client, store: null));
    }

    private static List<Subscription> Found(SubscriptionTree tree, string topic)
    {
        var found = new List<Subscription>();
        tree.Match(topic, default(TenantFilter), found, isDelivered: true);
        return found;
    }
}
