using System.Text.Json.Nodes;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>Answers that are longer than a block of Kestrel's memory leave by a way of their own.</summary>
public sealed class LongAnswersTests
{
    [Fact]
    public async Task Answers_of_all_lengths_are_whole_and_say_how_long_they_are()
    {
        const int Things = 100;
        using var emulator = await EmulatorProcess.Start("--log-level", "error");
        using var client = new HttpClient { BaseAddress = emulator.Url };
        for (var i = 0; i < Things; i++)
            (await client.PostAsync($"/things/{Name(i)}", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        for (var count = 1; count <= Things; count++)
        {
            using var answer = await client.GetAsync($"/things?maxResults={count}", TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
            Assert.Null(answer.Headers.TransferEncodingChunked);
            Assert.Equal(Enumerable.Range(0, count).Select(Name), JsonNode.Parse(body)!["things"]!.AsArray().Select(thing => (string?)thing!["thingName"]));
        }
        await emulator.Terminate();
    }

    private static string Name(int number) => $"pump-{number:D8}";
}
