using System.Globalization;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>A group of so many things that its jobs fan out over several turns. Nothing changes it.</summary>
internal sealed class Fleet
{
    /// <summary>A turn makes a thousand executions.</summary>
    public const int Size = 1_200;

    public const string Group = "fleet";

    /// <summary>Hears when a call about the whole fleet was answered.</summary>
    public Action? Changed { get; set; }

    public static string Arn(string kind, string name) => $"arn:aws:iot:us-east-1:123456789012:{kind}/{name}";

    public bool IsHandledBy(int writer) => writer == 0;

    public static async Task Make(Api api)
    {
        await Api.Done(api.Post($"/thing-groups/{Group}"));
        foreach (var names in Enumerable.Range(0, Size).Select(thing => string.Create(CultureInfo.InvariantCulture, $"fleet-{thing}")).Chunk(16))
            await Task.WhenAll(names.Select(async name =>
            {
                await Api.Done(api.Post($"/things/{name}"));
                await Api.Done(api.Put("/thing-groups/addThingToThingGroup", new JsonObject { ["thingGroupName"] = Group, ["thingName"] = name }));
            }));
    }
}
